/**
 * A refusal of Azure, worded as azure-native prints it: `Status=409 Code="ConflictError" Message="…"`.
 *
 * That Azure refuses is documented for every rule here; the code itself was not seen in a recorded answer for
 * VnetAddressSpaceOverlaps, SecurityRuleParameterConflict, SecurityRuleParameterMissing, InvalidTags, InvalidTagValue,
 * WorkloadIdentityRequiresOIDCIssuer, OIDCIssuerFeatureCannotBeDisabled, VirtualNetworkNotValid,
 * ResizeDiskError, InvalidPricingTier, InvalidRoleDefinitionId, InvalidPrincipalId, ReceiverNameNotUnique,
 * FederatedIdentityCredentialLimitReached, ResourceGroupManagedByAnotherResource, UserErrorBackupVaultNotEmpty,
 * UserErrorDppPolicyNotFound, FeatureNotSupportedForAccount, InvalidManagedServiceIdentity, RequestTooLarge, the Conflicts
 * of record sets and of data collection rules and the plain BadRequests. Seen elsewhere than where it stands here:
 * BMSUserErrorInvalidPolicyInput (policies for machines), InvalidValuesForRequestParameters (rules for addresses),
 * WorkflowManagedIdentityConfigurationInvalid (connections).
 */
export class AzureError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(`Status=${status} Code=${JSON.stringify(code)} Message=${JSON.stringify(message)}`);
    this.name = 'AzureError';
    this.status = status;
    this.code = code;
  }
}

export const badRequest = (code: string, message: string): AzureError => new AzureError(400, code, message);
/** What Azure Backup answers to a value it does not take: https://github.com/crossplane-contrib/provider-upjet-azure/issues/853 */
export const invalidInput = (why: string): AzureError =>
  badRequest('BMSUserErrorInvalidInput', `Input provided for the call is invalid: ${why}`);
export const forbidden = (code: string, message: string): AzureError => new AzureError(403, code, message);
export const notFound = (code: string, message: string): AzureError => new AzureError(404, code, message);
export const conflict = (code: string, message: string): AzureError => new AzureError(409, code, message);

/** What most services answer to a value they do not take. */
export const invalidParameter = (parameter: string, why: string): AzureError =>
  badRequest('InvalidParameter', `The value of parameter ${parameter} is invalid. ${why}`);

/** AKS and compute, for what is fixed at creation (https://github.com/Azure/bicep-registry-modules/issues/7130). */
export const changeNotAllowed = (property: string): AzureError =>
  conflict('PropertyChangeNotAllowed', `Changing property '${property}' is not allowed.`);
