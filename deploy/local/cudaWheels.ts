import type { Wheel } from "./wheel.js";

/**
 * NVIDIA's libraries that TensorFlow's CUDA build loads, as `pip install tensorflow[and-cuda]` chose them when they were pinned. Each
 * wheel's files lie in `nvidia/<library>/lib`, where that build looks for them.
 */
export const cudaWheels: readonly Wheel[] = [
  {
    requirement: "nvidia-cublas-cu12==12.9.3.13",
    platform: "manylinux_2_27_x86_64",
    digest: "d7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72",
    bytes: 581_217_458,
  },
  {
    requirement: "nvidia-cuda-cupti-cu12==12.8.90",
    platform: "manylinux2014_x86_64",
    digest: "ea0cb07ebda26bb9b29ba82cda34849e73c166c18162d3913575b0c9db9a6182",
    bytes: 10_248_621,
  },
  {
    requirement: "nvidia-cuda-nvcc-cu12==12.9.86",
    platform: "manylinux2010_x86_64",
    digest: "5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0",
    bytes: 40_546_229,
  },
  {
    requirement: "nvidia-cuda-nvrtc-cu12==12.9.86",
    platform: "manylinux2010_x86_64",
    digest: "210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4",
    bytes: 89_568_129,
  },
  {
    requirement: "nvidia-cuda-runtime-cu12==12.9.79",
    platform: "manylinux2014_x86_64",
    digest: "25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3",
    bytes: 3_493_179,
  },
  {
    requirement: "nvidia-cudnn-cu12==9.28.0.42",
    platform: "manylinux_2_27_x86_64",
    digest: "9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375",
    bytes: 716_538_495,
  },
  {
    requirement: "nvidia-cufft-cu12==11.4.1.4",
    platform: "manylinux2014_x86_64",
    digest: "c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28",
    bytes: 200_877_592,
  },
  {
    requirement: "nvidia-curand-cu12==10.3.10.19",
    platform: "manylinux_2_27_x86_64",
    digest: "49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e",
    bytes: 68_295_626,
  },
  {
    requirement: "nvidia-cusolver-cu12==11.7.5.82",
    platform: "manylinux_2_27_x86_64",
    digest: "15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88",
    bytes: 338_117_415,
  },
  {
    requirement: "nvidia-cusparse-cu12==12.5.10.65",
    platform: "manylinux2014_x86_64",
    digest: "73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78",
    bytes: 366_465_088,
  },
  {
    requirement: "nvidia-nccl-cu12==2.32.3",
    platform: "manylinux_2_27_x86_64",
    digest: "bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c",
    bytes: 351_526_311,
  },
  {
    requirement: "nvidia-nvjitlink-cu12==12.9.86",
    platform: "manylinux2010_x86_64",
    digest: "e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9",
    bytes: 39_748_338,
  },
];
