namespace PrivateInference.Passes;

/// <summary>
/// A pass was asked for in a way that has no meaning: an unknown name, parameter or value. The message says what to write.
/// </summary>
public sealed class PassException(string message) : Exception(message);
