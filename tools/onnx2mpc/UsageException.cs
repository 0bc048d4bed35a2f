namespace PrivateInference.CommandLine;

/// <summary>Options that parse one by one and make no sense together.</summary>
internal sealed class UsageException(string message) : Exception(message);
