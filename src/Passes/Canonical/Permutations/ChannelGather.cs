using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Canonical.Permutations;

/// <summary>A gather along one axis at constant positions, each counted from the axis's begin.</summary>
internal sealed record ChannelGather(Value Source, int Axis, int[] Positions)
{
    /// <summary>Whether it only reorders.</summary>
    public bool IsPermutation => Positions.Length == Source.Shape[Axis] && Positions.Distinct().Count() == Positions.Length;

    public bool IsIdentity => IsPermutation && Positions.Select((p, i) => p == i).All(same => same);

    /// <summary>The reading of a node, or null.</summary>
    public static ChannelGather? Match(Node? node, GraphRewriter graph)
    {
        if (node?.Operation is not Gather gather || graph.ConstantOf(node.Inputs[1]) is not { Shape.Rank: 1 } indices)
            return null;
        int size = node.Inputs[0].Shape[gather.Axis];
        int[] positions = [.. indices.Integers.ToArray().Select(i => (int)(i < 0 ? i + size : i))];
        return positions.All(p => p >= 0 && p < size) ? new ChannelGather(node.Inputs[0], gather.Axis, positions) : null;
    }

    /// <summary>The same gather as the only reader of its source's producer's value, or null.</summary>
    public static ChannelGather? MatchSingle(Value value, GraphRewriter graph)
        => graph.HasOneUse(value) ? Match(graph.Producer(value), graph) : null;

    /// <summary>A tensor's parts along an axis, picked by positions.</summary>
    public static Tensor Pick(Tensor tensor, int axis, int[] positions)
    {
        int inner = tensor.Shape.Strides()[axis], size = tensor.Shape[axis];
        int[] dimensions = [.. tensor.Shape.Dimensions];
        dimensions[axis] = positions.Length;
        float[] picked = new float[new Shape(dimensions).Count];
        for (int block = 0; block * positions.Length * inner < picked.Length; block++)
        {
            for (int i = 0; i < positions.Length; i++)
                tensor.Floats.Slice(((block * size) + positions[i]) * inner, inner).CopyTo(picked.AsSpan(((block * positions.Length) + i) * inner));
        }

        return Tensor.FromFloats(tensor.Type.WithShape(new Shape(dimensions)), picked);
    }

    /// <summary>For a permutation, where each position went.</summary>
    public int[] Inverse()
    {
        int[] inverse = new int[Positions.Length];
        for (int i = 0; i < inverse.Length; i++)
            inverse[Positions[i]] = i;
        return inverse;
    }

    /// <summary>Appends the gather of another value at the same positions.</summary>
    public Value Of(Value value, string wantedName, GraphRewriter graph)
        => graph.Add(new Gather(Axis), [value, Indices(Positions, wantedName, graph)], wantedName);

    public static Value Indices(int[] positions, string name, GraphRewriter graph)
        => graph.AddConstant(Tensor.FromInt64([.. positions.Select(p => (long)p)]), $"{name}.indices");
}
