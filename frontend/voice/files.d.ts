// esbuild puts the file beside the module and gives its address.
declare module "*.wav" {
  const address: string;
  export default address;
}
