import type { Handle } from '../builder.ts';
import type { Spec } from '../spec/schema.ts';
import { HoleRead } from '../spec/track.ts';
import type { Cluster } from './cluster.ts';
import type { Context } from './context.ts';
import type { Zone } from './dns.ts';
import { endpoints, hasProxy } from './exposure.ts';
import { type Actor, federation, podIdentity } from './identity.ts';
import { traefik } from './images.ts';
import { systemPoolName } from './node-pools.ts';
import { confined, confinedPod, sized } from './pods.ts';

const name = 'gateway-proxy';
export const proxyLabels = { 'app.kubernetes.io/name': name };
export const proxyPort = 8443;
export const proxyFootprint = { cpu: '50m', memory: '128Mi' };

// Nobody's user, as in the images without one of their own.
const user = 65532;
const pingPort = 8082;

/**
 * HTTPS in front of the gateway. The certificate is asked for, proved through the DNS zone and renewed by the proxy
 * itself, so that no port has to be open for it; it lies on a small disk, because certificates are handed out sparingly.
 * https://doc.traefik.io/traefik/reference/install-configuration/tls/certificate-resolvers/acme/
 */
export function gatewayProxy(context: Context, group: Handle, cluster: Cluster, namespace: Handle, zone: Zone): void {
  const { spec, plan, names, access } = context;
  const { provider } = cluster;
  const origin = 'network.expose.gateway.host';
  plan.when(
    () => hasProxy(spec),
    () => {
      const actor: Actor = { key: 'gateway', origin, serviceAccount: () => name, isNeeded: () => hasProxy(spec) };
      const identity = podIdentity(context, group, actor);
      const federated = federation(context, group, cluster, actor, identity);
      const zoneGrant = access.grant({
        who: 'gateway',
        principalId: () => (identity() as Handle).output('principalId'),
        principalType: () => 'ServicePrincipal',
        role: () => 'DNS Zone Contributor',
        where: 'dns-zone',
        scope: zone.id,
        origin,
      });

      const metadata = { name, namespace: namespace.output('metadata.name') };
      const serviceAccount = plan.resource(
        'kubernetes:core/v1:ServiceAccount',
        'gateway-service-account',
        origin,
        () => ({
          apiVersion: 'v1',
          kind: 'ServiceAccount',
          metadata: {
            ...metadata,
            annotations: { 'azure.workload.identity/client-id': (identity() as Handle).output('clientId') },
          },
          automountServiceAccountToken: false,
        }),
        () => ({ provider }),
      );
      const claim = certificates(context, cluster, namespace);
      const routes = plan.resource(
        'kubernetes:core/v1:ConfigMap',
        'gateway-routes',
        origin,
        () => ({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata,
          data: { 'routes.yaml': () => routesTo(spec.network.expose.gateway.host as string, names.kubernetes()) },
        }),
        () => ({ provider }),
      );
      plan.resource(
        'kubernetes:apps/v1:Deployment',
        'gateway-proxy',
        origin,
        () => ({
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { ...metadata, labels: proxyLabels },
          spec: {
            replicas: 1,
            // The new one waits for the disk the old one holds.
            strategy: { type: 'Recreate' },
            selector: { matchLabels: proxyLabels },
            template: {
              metadata: { labels: { ...proxyLabels, 'azure.workload.identity/use': 'true' } },
              spec: {
                serviceAccountName: serviceAccount.output('metadata.name'),
                automountServiceAccountToken: false,
                enableServiceLinks: false,
                nodeSelector: { 'kubernetes.io/os': 'linux', 'kubernetes.azure.com/agentpool': systemPoolName },
                securityContext: confinedPod(user, user),
                containers: [proxy(context, zone)],
                volumes: [
                  { name: 'certificates', persistentVolumeClaim: { claimName: claim.output('metadata.name') } },
                  { name: 'tmp', emptyDir: {} },
                  { name: 'routes', configMap: { name: routes.output('metadata.name') } },
                ],
              },
            },
          },
        }),
        () => ({ provider, dependsOn: [zoneGrant, federated()] }),
      );
    },
  );
}

/** A disk of the cluster's own making: what is on it can be asked for again, only not often. */
function certificates({ plan }: Context, { provider }: Cluster, namespace: Handle): Handle {
  const origin = 'network.expose.gateway.host';
  const storageClass = plan.resource(
    'kubernetes:storage.k8s.io/v1:StorageClass',
    'certificates-class',
    origin,
    () => ({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'perpetual-certificates' },
      provisioner: 'disk.csi.azure.com',
      allowVolumeExpansion: true,
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'WaitForFirstConsumer',
      parameters: { skuName: 'StandardSSD_LRS' },
    }),
    () => ({ provider, deleteBeforeReplace: true }),
  );
  return plan.resource(
    'kubernetes:core/v1:PersistentVolumeClaim',
    'certificates-claim',
    origin,
    () => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'certificates', namespace: namespace.output('metadata.name') },
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: storageClass.output('metadata.name'),
        resources: { requests: { storage: '1Gi' } },
      },
    }),
    () => ({ provider }),
  );
}

function proxy({ spec }: Context, zone: Zone) {
  const ping = { httpGet: { path: '/ping', port: 'ping' } };
  return {
    name: 'traefik',
    image: traefik,
    args: () => [
      '--global.checknewversion=false',
      '--global.sendanonymoususage=false',
      '--log.level=INFO',
      `--entrypoints.https.address=:${proxyPort}`,
      // A download of a large file takes as long as it takes.
      '--entrypoints.https.transport.respondingtimeouts.readtimeout=0',
      `--entrypoints.ping.address=:${pingPort}`,
      '--ping.entrypoint=ping',
      '--providers.file.directory=/etc/perpetual',
      '--certificatesresolvers.acme.acme.storage=/certificates/acme.json',
      '--certificatesresolvers.acme.acme.dnschallenge.provider=azuredns',
      '--certificatesresolvers.acme.acme.keytype=EC256',
      // Without an address the proxy would open another account at every start.
      `--certificatesresolvers.acme.acme.email=${ownerOf(spec)}`,
    ],
    env: [
      { name: 'AZURE_AUTH_METHOD', value: 'wli' },
      { name: 'AZURE_SUBSCRIPTION_ID', value: () => spec.azure.subscription },
      { name: 'AZURE_RESOURCE_GROUP', value: zone.resourceGroup },
      { name: 'AZURE_ZONE_NAME', value: zone.name },
    ],
    ports: [
      { name: 'https', containerPort: proxyPort, protocol: 'TCP' },
      { name: 'ping', containerPort: pingPort, protocol: 'TCP' },
    ],
    resources: sized(proxyFootprint),
    securityContext: { ...confined, readOnlyRootFilesystem: true },
    readinessProbe: { ...ping, periodSeconds: 10 },
    livenessProbe: { ...ping, periodSeconds: 30, failureThreshold: 5 },
    volumeMounts: [
      { name: 'certificates', mountPath: '/certificates' },
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'routes', mountPath: '/etc/perpetual', readOnly: true },
    ],
  };
}

function ownerOf({ metadata }: Spec): string {
  if (metadata.owner === undefined) throw new HoleRead(); // refused elsewhere
  return metadata.owner;
}

/** What the proxy passes on, in the format of its file provider; it notices a change by itself. */
const routesTo = (host: string, service: string): string => `http:
  routers:
    gateway:
      rule: Host(\`${host}\`)
      entryPoints: [https]
      service: gateway
      tls: { certResolver: acme }
  services:
    gateway:
      loadBalancer:
        servers: [{ url: "http://${service}:${endpoints.gateway[0].port}" }]
`;
