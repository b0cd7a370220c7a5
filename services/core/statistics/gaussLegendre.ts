/** Where to look at a smooth function between 0 and 1, and what each look counts for its integral. */
export interface QuadratureNode {
  place: number;
  weight: number;
}

/**
 * The nodes of Gauss and Legendre's rule between 0 and 1: exact for polynomials of degree 2 count - 1.
 * Source: Press et al., Numerical Recipes, third edition, 2007, section 4.6.
 */
export function gaussLegendre(count: number): QuadratureNode[] {
  return Array.from({ length: count }, (_, index) => {
    // Newton's method, from close to the root of the Legendre polynomial.
    let x = Math.cos((Math.PI * (index + 0.75)) / (count + 0.5));
    let slope = 0;
    for (let step = 0; step < 20; step++) {
      let [now, before] = [1, 0];
      for (let degree = 1; degree <= count; degree++) [now, before] = [((2 * degree - 1) * x * now - (degree - 1) * before) / degree, now];
      slope = (count * (x * now - before)) / (x ** 2 - 1);
      const change = now / slope;
      x -= change;
      if (Math.abs(change) < 1e-16) break;
    }
    return { place: (1 - x) / 2, weight: 1 / ((1 - x ** 2) * slope ** 2) };
  });
}
