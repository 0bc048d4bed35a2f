namespace PrivateInference.CommandLine;

/// <summary>A check that the user asked for did not hold.</summary>
internal sealed class CheckFailedException(string message) : Exception(message);
