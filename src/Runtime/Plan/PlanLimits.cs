namespace PrivateInference.Runtime.Plan;

/// <summary>What a plan may ask of a runtime. They are far above real models and stop hostile files before memory is taken.</summary>
public static class PlanLimits
{
    public const int Values = 1 << 16;

    public const int Rank = 8;

    public const int NameLength = 1024;

    public const int Labels = 1 << 16;

    /// <summary>Elements of one value or one weight tensor.</summary>
    public const int TensorElements = 1 << 28;

    /// <summary>Elements of all values together.</summary>
    public const long TotalElements = 1L << 31;

    /// <summary>Multiplications of all convolutions together.</summary>
    public const long TotalProducts = 1L << 44;

    /// <summary>Products summed into one element of a convolution.</summary>
    public const int Taps = 1 << 22;

    /// <summary>The largest kernel, stride, dilation or padding.</summary>
    public const int WindowExtent = 1 << 16;

    public const int RlweDegree = 1 << 16;

    public const int RlwePrimes = 32;
}
