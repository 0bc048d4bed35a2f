using System.Collections.Immutable;

namespace PrivateInference.Runtime.Plan;

/// <summary>
/// A public map that gives each element of one tensor an element of another, held as it stands in the plan file: the
/// differences of consecutive indices, where a stretch that occurred before is a copy. Maps of patches and channels repeat
/// themselves and take a few dozen bytes; a map without structure takes about two numbers an element. Memory follows the
/// code and not the elements until <see cref="Expand"/>.
/// </summary>
public sealed class IndexMap
{
    internal const int Literal = 0;

    private IndexMap(int count, ImmutableArray<int> code)
    {
        Count = count;
        Code = code;
    }

    /// <summary>How many elements get an index.</summary>
    public int Count { get; }

    /// <summary>Pairs: (0, difference to the index before), or (distance, length) of differences to copy from so far back.</summary>
    public ImmutableArray<int> Code { get; }

    /// <summary>The map of these indices; equal indices give equal code.</summary>
    public static IndexMap Of(ReadOnlySpan<int> indices)
    {
        int[] differences = indices.ToArray();
        for (int i = differences.Length - 1; i > 0; i--)
            differences[i] -= differences[i - 1];
        return new IndexMap(differences.Length, IndexMapEncoder.Encode(differences));
    }

    /// <summary>The map that a code stands for; its indices are judged by whoever knows the tensors.</summary>
    /// <exception cref="PlanFormatException">The code has no meaning, or more than <see cref="PlanLimits.TensorElements"/> elements.</exception>
    public static IndexMap FromCode(ImmutableArray<int> code)
    {
        long count = 0;
        for (int i = 0; i + 1 < code.Length; i += 2)
        {
            bool copies = code[i] > 0 && code[i] <= count && code[i + 1] > 0;
            if (code[i] != Literal && !copies)
                throw new PlanFormatException("The plan is not valid: a map of elements copies what it does not have.");
            count += copies ? code[i + 1] : 1;
            if (count > PlanLimits.TensorElements)
                throw new PlanFormatException($"The plan is not valid: a map has over {PlanLimits.TensorElements} elements.");
        }

        return code.Length % 2 == 0
            ? new IndexMap((int)count, code)
            : throw new PlanFormatException("The plan is not valid: a map of elements is incomplete.");
    }

    /// <summary>The index of each element.</summary>
    public int[] Expand()
    {
        int[] indices = new int[Count];
        int position = 0;
        for (int i = 0; i < Code.Length; i += 2)
        {
            if (Code[i] == Literal)
            {
                indices[position++] = Code[i + 1];
                continue;
            }

            for (int end = position + Code[i + 1]; position < end; position++)
                indices[position] = indices[position - Code[i]];
        }

        for (int i = 1; i < indices.Length; i++)
            indices[i] = unchecked(indices[i] + indices[i - 1]);
        return indices;
    }
}
