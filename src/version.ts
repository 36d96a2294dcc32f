/** The version of the code, as it is stored with every network; a test holds it equal to package.json's. */
export const version = '0.2.0';
