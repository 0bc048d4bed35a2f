using System.Collections.Immutable;
using PrivateInference.IR;
using PrivateInference.IR.Execution;

namespace PrivateInference.Passes.Checking;

/// <summary>The inputs on which rewritten graphs are executed.</summary>
internal static class CheckInputs
{
    /// <summary>More samples tell little more about a rewrite and make a compilation slow.</summary>
    private const int MaxCalibrationSamples = 64;

    private const int RandomSamples = 3;

    /// <summary>The first calibration samples; none where the graph takes several inputs.</summary>
    public static ImmutableArray<ImmutableArray<Tensor>> OfCalibration(Graph graph, CalibrationData? data)
        => data is null || graph.Inputs.Length != 1 ? [] : [.. data.Samples.Take(MaxCalibrationSamples).Select(s => ImmutableArray.Create(s))];

    /// <summary>Uniform elements; the same for the same graph.</summary>
    public static ImmutableArray<ImmutableArray<Tensor>> Random(Graph graph, float minimum, float maximum)
    {
        Random random = new(graph.Nodes.Length);
        return [.. Enumerable.Range(0, RandomSamples).Select(_ => graph.Inputs.Select(v => Elements(v.Type)).ToImmutableArray())];

        Tensor Elements(TensorType type) => type.IsFloat
            ? Tensor.FromFloats(type, Fill(type, () => minimum + (random.NextSingle() * (maximum - minimum))))
            : Tensor.FromIntegers(type, Fill(type, () => random.NextInt64(2)));
    }

    private static T[] Fill<T>(TensorType type, Func<T> next)
    {
        T[] elements = new T[type.Shape.Count];
        for (int i = 0; i < elements.Length; i++)
            elements[i] = next();
        return elements;
    }
}
