using PrivateInference.IR.Operations;

namespace PrivateInference.IR.Execution;

/// <summary>Seeded noise. It is part of a model, so it has to be the same everywhere, and it protects nothing.</summary>
internal static class RandomKernels
{
    public static Tensor Flip(RandomFlip op, Tensor x)
    {
        if (op.Seed is not { } seed)
            return x;
        float[] result = x.Floats.ToArray();
        for (int i = 0; i < result.Length; i++)
        {
            if (Uniform((ulong)seed, (ulong)i) < op.Probability)
                result[i] = 1 - result[i];
        }

        return Tensor.FromFloats(x.Type, result);
    }

    /// <summary>A number in [0, 1) for each seed and index: SplitMix64 (Steele, Lea and Flood 2014).</summary>
    private static double Uniform(ulong seed, ulong index)
    {
        ulong z = seed + ((index + 1) * 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
