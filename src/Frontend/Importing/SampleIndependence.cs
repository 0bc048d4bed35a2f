using PrivateInference.IR;
using PrivateInference.IR.Execution;

namespace PrivateInference.Frontend.Importing;

/// <summary>Whether a model of a batch computes for each sample what a model of one sample computes.</summary>
internal static class SampleIndependence
{
    /// <summary>Relative to the largest output. Sums in another order differ by less, a wrong axis by far more.</summary>
    private const float Tolerance = 1e-4f;

    /// <summary>The first axis of all inputs and outputs, where it is the same and more than 1.</summary>
    public static int? BatchOf(Graph graph)
    {
        int[] first = [.. graph.Inputs.Concat(graph.Outputs).Select(v => v.Shape.Rank > 1 ? v.Shape[0] : 1).Distinct()];
        return first is [> 1] ? first[0] : null;
    }

    /// <summary>
    /// Executes both on random samples. A dependence between samples that changes no output of a random batch is one that
    /// no input is likely to show.
    /// </summary>
    public static bool Holds(Graph whole, Graph single, int batch)
    {
        if (!whole.Inputs.Zip(single.Inputs).All(p => IsSampleOf(p.First, p.Second, batch)) || !whole.Outputs.Zip(single.Outputs).All(p => IsSampleOf(p.First, p.Second, batch)))
            return false;
        Random random = new(20240501);
        Tensor[] inputs = [.. whole.Inputs.Select(v => RandomTensor(v.Type, random))];
        IReadOnlyList<Tensor> expected = FloatInterpreter.Run(whole, inputs);
        return Enumerable.Range(0, batch).All(i =>
        {
            IReadOnlyList<Tensor> actual = FloatInterpreter.Run(single, [.. inputs.Zip(single.Inputs, (t, v) => Part(t, v.Type, i))]);
            return actual.Zip(expected).All(p => AreClose(p.First, Part(p.Second, p.First.Type, i)));
        });
    }

    private static bool IsSampleOf(Value whole, Value single, int batch)
        => single.Shape.Rank == whole.Shape.Rank && single.Shape[0] == 1 && single.Shape.Count * (long)batch == whole.Shape.Count;

    private static Tensor RandomTensor(TensorType type, Random random) => type.IsFloat
        ? Tensor.FromFloats(type, [.. Enumerable.Range(0, type.Shape.Count).Select(_ => random.NextSingle())])
        : Tensor.FromIntegers(type, [.. Enumerable.Range(0, type.Shape.Count).Select(_ => random.NextInt64(2))]);

    private static Tensor Part(Tensor batch, TensorType type, int index)
    {
        int size = type.Shape.Count;
        return type.IsFloat
            ? Tensor.FromFloats(type, batch.Floats.Slice(index * size, size).ToArray())
            : Tensor.FromIntegers(type, batch.Integers.Slice(index * size, size).ToArray());
    }

    private static bool AreClose(Tensor actual, Tensor expected)
    {
        if (!expected.Type.IsFloat)
            return actual.ContentEquals(expected);
        float scale = 0, difference = 0;
        for (int i = 0; i < expected.Shape.Count; i++)
        {
            scale = Math.Max(scale, Math.Abs(expected.Floats[i]));
            difference = Math.Max(difference, Math.Abs(expected.Floats[i] - actual.Floats[i]));
        }

        return difference <= Tolerance * scale;
    }
}
