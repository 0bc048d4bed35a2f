using PrivateInference.IR;

namespace PrivateInference.Passes.Architectures;

/// <summary>
/// Random weights of untrained networks, not for anything secret. Each tensor has a stream of its own (SplitMix64; Steele,
/// Lea, Flood 2014) that starts from the seed and the tensor's name, so a layer's weights do not depend on the other layers.
/// </summary>
public sealed class WeightInitializer(ulong seed)
{
    /// <summary>Uniform in [minimum, maximum).</summary>
    public Tensor Uniform(string name, Shape shape, float minimum, float maximum)
    {
        float[] elements = new float[shape.Count];
        ulong state = Stream(name);
        float scale = (maximum - minimum) / (1 << 24);
        for (int i = 0; i < elements.Length; i += 2)
        {
            ulong bits = Next(ref state);
            elements[i] = minimum + (scale * (int)(bits >> 40));
            if (i + 1 < elements.Length)
                elements[i + 1] = minimum + (scale * (int)(bits & 0xFFFFFF));
        }

        return Tensor.FromFloats(shape, elements);
    }

    /// <summary>
    /// Uniform with mean 0 and variance gain / fanIn. Gain 2 keeps the second moment of activations through a layer and
    /// its ReLU (He et al. 2015, section 2.2); gain 1 keeps it through a linear layer.
    /// </summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="shape">The tensor's shape.</param>
    /// <param name="fanIn">How many products make one output.</param>
    /// <param name="gain">Variance of an output by the mean square of an input.</param>
    public Tensor He(string name, Shape shape, int fanIn, double gain = 2)
    {
        float bound = (float)Math.Sqrt(3 * gain / Math.Max(1, fanIn));
        return Uniform(name, shape, -bound, bound);
    }

    public static Tensor Filled(Shape shape, float value)
    {
        float[] elements = new float[shape.Count];
        Array.Fill(elements, value);
        return Tensor.FromFloats(shape, elements);
    }

    /// <summary>The next of a sequence of numbers, for choices that are not weights; equal names give equal sequences.</summary>
    internal static ulong Next(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>The start of a tensor's stream: FNV-1a of the name, mixed with the seed.</summary>
    internal ulong Stream(string name)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char c in name)
            hash = (hash ^ c) * 0x100000001B3;
        ulong state = hash ^ seed;
        return Next(ref state) + seed;
    }
}
