using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>Padding by a constant, or by elements of the tensor; a negative pad crops.</summary>
internal static class Padding
{
    public static (string Name, OperatorImporter Importer)[] Operators => [("Pad", Pad)];

    private static void Pad(ImportContext context)
    {
        string mode = context.Attributes.Text("mode", "constant");
        if (mode is not ("constant" or "reflect" or "edge" or "wrap"))
            throw ImportException.Unsupported($"its mode is '{mode}'.", "Pad with zeros, or pad the input before it enters the model.");
        Operand input = context.Input(0);
        int rank = input.Shape.Rank;
        int[] pads = Pads(context, input.Shape);
        IntVector added = new([.. pads.Select(p => Math.Max(p, 0))]), removed = new([.. pads.Select(p => Math.Max(checked(-p), 0))]);
        OperationChain chain = new(context, input);
        if (mode is "constant")
        {
            chain.Then(new Pad(added, Value(context)));
            Crop(chain, removed);
        }
        else
        {
            Crop(chain, removed);
            for (int axis = 0; axis < rank; axis++)
                Extend(context, chain, axis, mode, added[axis], added[rank + axis]);
        }

        chain.Result();
    }

    private static void Crop(OperationChain chain, IntVector removed)
    {
        int rank = chain.Shape.Rank;
        if (removed.All(0))
            return;
        int[] sizes = [.. Enumerable.Range(0, rank).Select(axis => chain.Shape[axis] - removed[axis] - removed[rank + axis])];
        chain.Then(new Slice(new IntVector(removed.AsSpan()[..rank]), new IntVector(sizes), IntVector.Repeat(1, rank)));
    }

    /// <summary>Elements before and after an axis are copies of its own.</summary>
    private static void Extend(ImportContext context, OperationChain chain, int axis, string mode, int before, int after)
    {
        int size = chain.Shape[axis], length = Shape.Dimension((long)size + before + after);
        if (size == 0 && length > 0)
            throw new GraphException("An axis without elements cannot be padded by them.");
        chain.ThenGather(context, axis, length, i => mode switch
        {
            "edge" => Math.Clamp(i - before, 0, size - 1),
            "wrap" => Modulo(i - before, size),
            "reflect" when size == 1 => 0,
            _ => size - 1 - Math.Abs(size - 1 - Modulo(i - before, 2 * (size - 1))),
        });
    }

    private static int Modulo(int value, int modulus) => ((value % modulus) + modulus) % modulus;

    private static float Value(ImportContext context)
    {
        if (context.Opset < 11)
            return context.Attributes.Float("value", absent: 0);
        if (context.OptionalConstant(2, "constant_value") is not { Shape.Count: > 0 } value)
            return 0;
        return value.Type.IsFloat ? value.Floats[0] : value.Integers[0];
    }

    /// <summary>All begins, then all ends, one per axis; since operator set 18 the node may name the axes it pads.</summary>
    private static int[] Pads(ImportContext context, Shape shape)
    {
        long[] given = context.IntegerList("pads", inputIndex: 1, inputSince: 11) ?? throw ImportException.MissingAttribute("pads");
        int[] axes = context.OptionalConstant(3, "axes")?.Integers.ToArray().Select(a => shape.NormalizeAxis(checked((int)a))).ToArray()
            ?? [.. Enumerable.Range(0, shape.Rank)];
        if (given.Length != 2 * axes.Length)
            throw new GraphException($"{given.Length} pads do not fit {axes.Length} axes.");
        int[] pads = new int[2 * shape.Rank];
        for (int i = 0; i < axes.Length; i++)
        {
            pads[axes[i]] = checked((int)given[i]);
            pads[shape.Rank + axes[i]] = checked((int)given[axes.Length + i]);
        }

        return pads;
    }
}
