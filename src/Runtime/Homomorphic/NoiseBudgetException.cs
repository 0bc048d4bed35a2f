namespace PrivateInference.Runtime.Homomorphic;

/// <summary>A linear layer that no supported RLWE parameter set can hold. The message says what would help.</summary>
public sealed class NoiseBudgetException : Exception
{
    public NoiseBudgetException(string message)
        : base(message)
    {
    }
}
