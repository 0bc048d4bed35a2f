using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Tests.Architectures;

/// <summary>
/// The cost model <c>securenn-published</c>: Table 1 of "Reducing ReLU Count for Privacy-Preserving CNN Speedup" (Helbitz and
/// Avidan 2021), which is what SecureNN states for its protocols, as that paper instantiates it: words of 64 bits, and
/// 83 of them for a DReLU. It shares nothing with this project's own costs. Additions, pooling and bias are free.
/// </summary>
/// <param name="Rounds">One step after the other.</param>
/// <param name="Words">Words of 64 bits that the three parties send.</param>
internal readonly record struct SecureNnPublished(int Rounds, long Words)
{
    /// <summary>(8·log p + 19)·l ≈ 83·l: the paper takes 8 bits for p = 67.</summary>
    private const int WordsOfDRelu = 83;

    private const int WordsOfMul = 5;

    /// <summary>Decimal, as the paper's 46 MB for 65,536 ReLUs are.</summary>
    public double Megabytes => Words * sizeof(ulong) / 1e6;

    public static SecureNnPublished operator +(SecureNnPublished left, SecureNnPublished right) => new(left.Rounds + right.Rounds, left.Words + right.Words);

    /// <summary>Linear m,n,v: 2 rounds, (2mn + 2nv + mv)·l.</summary>
    public static SecureNnPublished Linear(long m, long n, long v) => new(2, (2 * m * n) + (2 * n * v) + (m * v));

    /// <summary>
    /// Conv2d m,i,f,o: 2 rounds, (2m²f²i + 2f²oi + m²o)·l. The table has one m for input and output; where they differ, the
    /// first term has the input's and the last the output's, as the unrolled input and the product have.
    /// </summary>
    public static SecureNnPublished Conv2d(long inputArea, long outputArea, long i, long f, long o)
        => new(2, (2 * inputArea * f * f * i) + (2 * f * f * o * i) + (outputArea * o));

    /// <summary>So many signs at once: 8 rounds.</summary>
    public static SecureNnPublished DRelu(long count) => new(8, count * WordsOfDRelu);

    /// <summary>So many products at once: 2 rounds.</summary>
    public static SecureNnPublished Mul(long count) => new(2, count * WordsOfMul);

    /// <summary>A network.</summary>
    /// <param name="graph">Convolutions, matrix products and ReLUs; the rest is free.</param>
    /// <param name="sharedLayers">How many ReLU layers, from the first, decide once a channel ("Uniform 32×32").</param>
    public static SecureNnPublished Of(Graph graph, int sharedLayers)
    {
        SecureNnPublished sum = default;
        int relus = 0;
        foreach (Node node in graph.Nodes)
        {
            Shape output = node.Output.Shape;
            sum += node.Operation switch
            {
                Conv => OfConv(node.Inputs[0].Shape, node.Inputs[1].Shape, output),
                MatMul => Linear(output.Count / output[output.Rank - 1], node.Inputs[0].Shape[node.Inputs[0].Shape.Rank - 1], output[output.Rank - 1]),
                Relu => DRelu(relus++ < sharedLayers ? output[1] : output.Count) + Mul(output.Count),
                _ => default,
            };
        }

        return sum;
    }

    private static SecureNnPublished OfConv(Shape input, Shape weight, Shape output)
        => Conv2d(input[2] * input[3], output[2] * output[3], weight[1], weight[2], weight[0]);
}
