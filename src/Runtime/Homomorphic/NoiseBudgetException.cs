namespace PrivateInference.Runtime.Homomorphic;

/// <summary>A linear layer whose noise no supported RLWE modulus can hold. The message says what would help.</summary>
public sealed class NoiseBudgetException : Exception
{
    public NoiseBudgetException(string message)
        : base(message)
    {
    }
}
