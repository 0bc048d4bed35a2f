namespace PrivateInference.Runtime.Engine;

/// <summary>What the parties sent differs from what the plan predicts: a defect of the cost model or of a protocol.</summary>
public sealed class AuditException(string message) : Exception(message);
