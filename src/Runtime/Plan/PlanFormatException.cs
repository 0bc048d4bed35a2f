namespace PrivateInference.Runtime.Plan;

/// <summary>A plan or weight file that cannot be used: damaged, of another version, or not belonging together.</summary>
public sealed class PlanFormatException : Exception
{
    public PlanFormatException(string message)
        : base(message)
    {
    }

    public PlanFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
