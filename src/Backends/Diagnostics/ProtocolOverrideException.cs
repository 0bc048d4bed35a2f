namespace PrivateInference.Backends.Diagnostics;

/// <summary>A step that is to have a protocol does not exist, or cannot have it; the message says which do.</summary>
public sealed class ProtocolOverrideException(string message) : ArgumentException(message);
