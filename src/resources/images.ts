/** The images this product brings along, each at a version that was looked up and not at one that moves. */

/** A reverse proxy that gets and renews its own certificates; https://hub.docker.com/_/traefik, https://github.com/traefik/traefik/releases. */
export const traefik = 'docker.io/library/traefik:v3.7.9';

/** Microsoft's own command line, which can log in as a workload identity; https://mcr.microsoft.com/product/azure-cli. */
export const azureCli = 'mcr.microsoft.com/azure-cli:2.90.0';
