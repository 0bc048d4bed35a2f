using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR;
using PrivateInference.Runtime.Numerics;

namespace PrivateInference.Backends.Analysis;

/// <summary>Where the elements of a layout step come from, found by moving their indices with the runtime's own kernels.</summary>
internal static class ElementSources
{
    /// <summary>For every element of the output, the element of the input it is, or −1 for padding.</summary>
    public static int[] Of(RealStep step, Shape input)
    {
        ulong[] indices = [.. Enumerable.Range(0, input.Count).Select(i => (ulong)i)], moved = new ulong[step.Shape.Count];
        ReadOnlySpan<int> from = input.Dimensions.AsSpan(), to = step.Shape.Dimensions.AsSpan();
        switch (step)
        {
            case RealTranspose s:
                RingLayout.Transpose(from, s.Permutation.AsSpan(), indices, moved);
                break;
            case RealSlice s:
                RingLayout.Slice(from, s.Starts.AsSpan(), s.Steps.AsSpan(), to, indices, moved);
                break;
            case RealPad s:
                RingLayout.Pad(from, s.Pads.AsSpan(), to, ulong.MaxValue, indices, moved);
                break;
            default:
                throw new InvalidOperationException($"'{step.Name}' moves no elements.");
        }

        return [.. moved.Select(i => (int)i)];
    }

    /// <summary>For every element of a concatenation, the operand and the element of it.</summary>
    public static (int Operand, int Element)[] Of(RealConcat step, IReadOnlyList<Shape> operands)
    {
        ulong[] moved = new ulong[step.Shape.Count];
        int start = 0;
        for (int operand = 0; operand < operands.Count; operand++)
        {
            ulong tag = (ulong)operand << 32;
            ulong[] indices = [.. Enumerable.Range(0, operands[operand].Count).Select(i => tag | (uint)i)];
            start = RingLayout.ConcatOperand(
                operands[operand].Dimensions.AsSpan(), step.Axis, start, 0, step.Shape.Dimensions.AsSpan(), indices, moved);
        }

        return [.. moved.Select(i => ((int)(i >> 32), (int)i))];
    }
}
