using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>What attention adds to the scores, batch×heads×queries×keys, and which keys each query may see.</summary>
/// <param name="Summand">Numbers to add; null for none.</param>
/// <param name="Allowed">True where a query may see a key; null where all may see all.</param>
internal sealed record AttentionMask(Operand? Summand, Operand? Allowed)
{
    public bool IsEmpty => Summand is null && Allowed is null;

    /// <exception cref="GraphException">The mask does not fit the scores.</exception>
    public static AttentionMask Read(ImportContext context, Shape scores)
    {
        Operand? given = context.OptionalInput(3) is { } mask ? Padded(context, mask, scores) : null;
        Operand? allowed = Positions(context, scores);
        Operand? summand = given is { Type.IsFloat: true } ? given : null;
        Operand? selection = summand is null ? given : Finite(context, summand);
        if (allowed is null || selection is null)
            allowed ??= selection;
        else
            allowed = context.Step("allowed", new Logical(LogicalKind.And), allowed, selection);
        return new AttentionMask(summand, allowed);
    }

    /// <summary>Scores after the mask: minus infinity where a query may not see a key.</summary>
    public Operand Apply(ImportContext context, Operand scores)
    {
        Operand sum = Summand is null ? scores : context.Step("biased", new Binary(BinaryKind.Add), scores, Summand);
        return Allowed is null ? sum : context.Step("masked", new Where(), Allowed, sum, context.StepScalar("hidden", sum, float.NegativeInfinity));
    }

    /// <summary>The weights of a query that may see no key are 0; the exponential function leaves NaN there.</summary>
    public Operand Clear(ImportContext context, Operand weights) => Allowed is null || Allowed.Constant is { } known && EveryRowSees(known)
        ? weights
        : context.Step("cleared", new Where(), Allowed, weights, context.StepScalar("none", weights, 0));

    private static bool EveryRowSees(Tensor allowed)
        => allowed.Shape.Rank > 0 && allowed.Integers.ToArray().Chunk(Math.Max(1, allowed.Shape[allowed.Shape.Rank - 1])).All(row => row.Contains(1));

    /// <summary>A mask of fewer keys says nothing about the last ones, which are hidden.</summary>
    private static Operand Padded(ImportContext context, Operand mask, Shape scores)
    {
        int rank = mask.Shape.Rank, missing = rank == 0 ? 0 : scores[3] - mask.Shape[rank - 1];
        if (missing > 0)
            mask = context.Step("padded", new Pad(new IntVector([.. new int[(2 * rank) - 1], missing]), mask.Type.IsFloat ? float.NegativeInfinity : 0), mask);
        return Shape.Broadcast(mask.Shape, scores) == scores ? mask : throw new GraphException($"A mask of {mask.Shape} does not fit scores of {scores}.");
    }

    /// <summary>Where a known summand is not minus infinity; null where it never is.</summary>
    private static Operand? Finite(ImportContext context, Operand summand)
        => summand.Constant is { } known && known.Floats.Contains(float.NegativeInfinity)
            ? context.Step("finite", new Compare(CompareKind.Greater), summand, context.StepScalar("infinity", summand, float.NegativeInfinity))
            : null;

    /// <summary>Which keys the attributes and the number of keys in use allow; null for all.</summary>
    private static Operand? Positions(ImportContext context, Shape scores)
    {
        (long left, long right) = Window(context);
        long[]? lengths = context.OptionalConstant(6, "nonpad_kv_seqlen")?.Integers.ToArray();
        if (left < 0 && right < 0 && lengths is null)
            return null;
        if (lengths is not null && (left >= 0 || right >= 0 || context.OptionalInput(4) is not null))
            throw ImportException.Unsupported("it has keys that are not in use and a causal mask, a window or past keys.", "Give the mask as an input.");
        if (lengths is not null && lengths.Length != scores[0])
            throw new GraphException($"{lengths.Length} numbers of keys do not fit a batch of {scores[0]}.");
        int past = context.OptionalInput(4)?.Shape[2] ?? 0, keys = scores[3];
        Shape shape = lengths is null ? new(scores[2], keys) : new(scores[0], 1, 1, keys);
        context.Reserve(shape);
        long[] allowed = new long[shape.Count];
        for (int i = 0; i < allowed.Length; i++)
        {
            (int row, int key) = (i / keys, i % keys);
            long ahead = (long)key - row - past;
            allowed[i] = (lengths is null ? (left < 0 || ahead >= -left) && (right < 0 || ahead <= right) : key < lengths[row]) ? 1 : 0;
        }

        return context.StepConstant("positions", Tensor.FromIntegers(new TensorType(ElementType.Bool, shape), allowed));
    }

    /// <summary>How many keys before and after its own position a query sees; negative for all. A causal one sees none after.</summary>
    private static (long Left, long Right) Window(ImportContext context) => (
        context.Attributes.Int("left_window_size", absent: -1),
        context.Attributes.Flag("is_causal") ? 0 : context.Attributes.Int("right_window_size", absent: -1));
}
