using PrivateInference.Backends.Diagnostics;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Lowering.Rules;

/// <summary>
/// Quantised models keep their integers: a tensor q of scale s and zero point z is the ring's integers u = q − z, so that a
/// convolution pads with 0. Dequantising only changes the view; quantising is a factor, which the layer before takes into its
/// weights, and one exact truncation that saturates (Jacob et al., "Quantization and Training of Neural Networks for
/// Efficient Integer-Arithmetic-Only Inference", section 2.2, with the rounding in the weights instead of in a multiplier).
/// </summary>
internal static class QuantizationRules
{
    /// <summary>saturate(round(x / s) + z)</summary>
    public static SecretView Quantize(LoweringContext context, Node node, QuantizeLinear quantize)
    {
        (double scale, long zero) = Parameters(context, node);
        SecretView x = context.Unshifted(node.Inputs[0]);
        IntegerRange range = IntegerRange.Of(quantize.Target);
        SecretView ratio = new(x.Index, x.Factor / scale);
        int scaled = context.Append(ScaleRules.Rescale(context[x.Index], $"{node.Name}.scale", x.Index, ratio.IsUnscaled ? 1 : ratio.Factor));
        int index = context.Append(new RealNonLinear
        {
            Name = node.Name,
            Shape = node.Output.Shape,
            Source = node.Output,
            Input = scaled,
            Activation = Activation.Clip,
            Lower = range.Minimum - zero,
            Upper = range.Maximum - zero,
            IsInteger = true,
        });
        return new SecretView(index, 1, zero);
    }

    /// <summary>(q − z)·s</summary>
    public static SecretView Dequantize(LoweringContext context, Node node)
    {
        (double scale, long zero) = Parameters(context, node);
        SecretView q = context.View(node.Inputs[0]);
        return context.Reinterpret(node, new SecretView(q.Index, q.Factor * scale, (q.Offset - zero) * scale));
    }

    /// <summary>A cast between floating point types, or from integers to a type that holds them, changes nothing here.</summary>
    public static SecretView Cast(LoweringContext context, Node node, Cast cast)
    {
        bool fromFloat = node.Inputs[0].Type.IsFloat, widens = cast.Target is ElementType.Int32 or ElementType.Int64;
        if (!node.Output.Type.IsFloat && (fromFloat || !widens))
            throw new LoweringException(CompileDiagnosticCodes.UnsupportedOperation, $"A value computed from the input cannot be cast to {cast.Target}.", "Leave the cast to the application.");
        return context.Reinterpret(node, context.View(node.Inputs[0]));
    }

    private static (double Scale, long Zero) Parameters(LoweringContext context, Node node)
    {
        Tensor scale = Single(context, node.Inputs[1], "scale"), zero = Single(context, node.Inputs[2], "zero point");
        return scale.Floats[0] > 0
            ? (scale.Floats[0], zero.Integers[0])
            : throw new LoweringException(CompileDiagnosticCodes.NotFinite, $"The scale {scale.Floats[0]} is not above 0.");
    }

    private static Tensor Single(LoweringContext context, Value value, string role)
    {
        Tensor tensor = context.Constant(value) ?? throw new LoweringException(
            CompileDiagnosticCodes.NeedsConstant, $"The {role} '{value.Name}' is computed from the input; it must be a constant.", "Quantise the model statically, with calibration data.");
        return tensor.Shape.Count == 1
            ? tensor
            : throw new LoweringException(CompileDiagnosticCodes.UnsupportedShape, $"The {role} '{value.Name}' has {tensor.Shape.Count} elements; a value computed from the input takes one.", "Quantise activations per tensor; weights may have a scale per channel.");
    }
}
