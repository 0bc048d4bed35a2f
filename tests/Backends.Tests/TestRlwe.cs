using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Tests;

/// <summary>Fixed parameters: these tests are about the fixed point, and random networks may have no room for noise.</summary>
internal static class TestRlwe
{
    public static RlweSettings Select(ConvolutionGeometry geometry, int ringBits, int weightNormBits)
        => new() { Degree = 4096, PrimeCount = 3, WeightNormBits = weightNormBits, FloodBits = 60 };
}
