using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>
/// Scaled dot-product attention: softmax(scale·Q·Kᵀ + mask)·V in each head (Vaswani et al., "Attention is all you need",
/// section 3.2.1). Operands are batch×heads×length×size; those that are batch×length×(heads·size) are split first.
/// </summary>
internal static class Attention
{
    private static readonly Transpose _swapHeadsAndLength = new(new IntVector(0, 2, 1, 3));
    private static readonly Transpose _transposeMatrices = new(new IntVector(0, 1, 3, 2));

    public static (string Name, OperatorImporter Importer)[] Operators => [("Attention", Import)];

    private static void Import(ImportContext context)
    {
        if ((context.OptionalInput(4) is null) != (context.OptionalInput(5) is null))
            throw new GraphException("Past keys and past values come together.");
        Operand queries = Heads(context, 0, "queries", "q_num_heads");
        Operand keys = WithPast(context, Heads(context, 1, "keys", "kv_num_heads"), 4, "present_keys");
        Operand values = WithPast(context, Heads(context, 2, "values", "kv_num_heads"), 5, "present_values");
        Operand scores = Scores(context, queries, Shared(context, keys, queries.Shape[1], "shared_keys"));
        AttentionMask mask = AttentionMask.Read(context, scores.Shape);
        Operand capped = Capped(context, scores, mask);
        Operand masked = mask.Apply(context, capped);
        Operand weights = mask.Clear(context, context.MainStep("weights", new Softmax(3), masked));
        Result(context, weights, Shared(context, values, queries.Shape[1], "shared_values"));

        Operand[] others = [keys, values, Internals(context, mask, scores, capped, masked, weights)];
        int used = Enumerable.Range(1, others.Length).LastOrDefault(context.IsUsed);
        foreach (Operand other in others.Take(used))
            context.Result(other);
    }

    private static Operand Heads(ImportContext context, int index, string role, string attribute)
    {
        Operand input = context.Input(index);
        if (input.Shape.Rank == 4 && context.Input(0).Shape.Rank == 4)
            return input;
        long count = context.Attributes.Int(attribute);
        if (input.Shape.Rank != 3 || context.Input(0).Shape.Rank != 3 || count < 1 || input.Shape[2] % count != 0)
            throw new GraphException($"{input.Shape} does not split into {count} heads.");
        Shape split = new(input.Shape[0], input.Shape[1], checked((int)count), (int)(input.Shape[2] / count));
        return context.Step(role, _swapHeadsAndLength, context.Step($"{role}_split", new Reshape(split), input));
    }

    /// <summary>What earlier calls left behind comes first.</summary>
    private static Operand WithPast(ImportContext context, Operand current, int index, string role)
        => context.OptionalInput(index) is { } past ? context.Step(role, new Concat(2), past, current) : current;

    /// <summary>Heads of keys and values serve as many consecutive heads of queries each (Ainslie et al., "GQA", section 2.2).</summary>
    private static Operand Shared(ImportContext context, Operand operand, int queryHeads, string role)
    {
        int heads = operand.Shape[1];
        if (heads == queryHeads)
            return operand;
        if (heads == 0 || queryHeads % heads != 0)
            throw new GraphException($"{queryHeads} heads of queries do not share {heads} of keys and values.");
        context.Reserve(new Shape(queryHeads));
        long[] positions = [.. Enumerable.Range(0, queryHeads).Select(head => (long)(head / (queryHeads / heads)))];
        return context.Step(role, new Gather(1), operand, context.StepConstant($"{role}_heads", Tensor.FromInt64(positions)));
    }

    private static Operand Scores(ImportContext context, Operand queries, Operand keys)
    {
        float scale = context.Attributes.Float("scale", absent: 1 / MathF.Sqrt(queries.Shape[3]));
        Operand scaled = context.Step("scaled", new Binary(BinaryKind.Mul), queries, context.StepScalar("scale", queries, scale));
        return context.Step("scores", new MatMul(), scaled, context.Step("transposed_keys", _transposeMatrices, keys));
    }

    /// <summary>
    /// c·tanh(score/c). Before operator set 25 releases of ONNX differ on whether the mask comes before or after this.
    /// </summary>
    private static Operand Capped(ImportContext context, Operand scores, AttentionMask mask)
    {
        float cap = context.Attributes.Float("softcap", absent: 0);
        if (cap == 0)
            return scores;
        if (context.Opset < 25 && !mask.IsEmpty)
            throw ImportException.Unsupported("it has both a mask and a soft cap, on whose order releases of ONNX differ.", "Export it as the matrix products and activations that it is made of.");
        Operand limit = context.StepScalar("softcap", scores, cap);
        Operand ratio = context.Step("ratio", new Binary(BinaryKind.Div), scores, limit);
        return context.Step("capped", new Binary(BinaryKind.Mul), context.Step("tanh", new Unary(UnaryKind.Tanh), ratio), limit);
    }

    private static void Result(ImportContext context, Operand weights, Operand values)
    {
        if (context.Input(0).Shape.Rank == 4)
        {
            context.Result(new MatMul(), [weights, values], role: "mixed");
            return;
        }

        Operand joined = context.Step("joined", _swapHeadsAndLength, context.Step("mixed", new MatMul(), weights, values));
        Shape shape = joined.Shape;
        context.Result(new Reshape(new Shape(shape[0], shape[1], shape[2] * shape[3])), [joined], role: "shape");
    }

    /// <summary>The fourth output. Its mode 1 was the masked scores when first released and is the capped ones since operator set 25.</summary>
    private static Operand Internals(ImportContext context, AttentionMask mask, Operand scores, Operand capped, Operand masked, Operand weights)
        => context.Attributes.Int("qk_matmul_output_mode", absent: 0) switch
        {
            0 => scores,
            1 when context.Opset >= 25 => capped,
            1 => mask.IsEmpty ? scores : masked,
            2 => masked,
            3 => weights,
            long mode => throw new GraphException($"There is no output mode {mode}."),
        };
}
