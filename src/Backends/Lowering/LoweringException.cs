namespace PrivateInference.Backends.Lowering;

/// <summary>Ends the lowering of one node; <see cref="GraphLowering"/> turns it into a diagnostic and goes on with the next.</summary>
internal sealed class LoweringException(string code, string message, string? hint = null) : Exception(message)
{
    public string Code { get; } = code;

    public string? Hint { get; } = hint;
}
