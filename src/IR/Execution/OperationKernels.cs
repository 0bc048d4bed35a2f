using PrivateInference.IR.Operations;

namespace PrivateInference.IR.Execution;

/// <summary>Which kernel computes which operation. A test holds this list against every operation of the assembly.</summary>
internal static class OperationKernels
{
    /// <param name="operation">The operation.</param>
    /// <param name="inputs">Inputs that fit it.</param>
    /// <param name="type">The inferred type of the result.</param>
    public static Tensor Evaluate(Operation operation, IReadOnlyList<Tensor> inputs, TensorType type) => operation switch
    {
        Constant constant => constant.Tensor,
        Identity or Dropout => inputs[0],

        Conv conv => ConvolutionKernels.Conv(conv, inputs[0], inputs[1], inputs.ElementAtOrDefault(2), type),
        MatMul => MatMulKernels.MatMul(inputs[0], inputs[1], type),

        MaxPool pool => PoolingKernels.Max(pool, inputs[0], type),
        MaxPoolIndices pool => MaxPoolIndexKernels.Evaluate(pool, inputs[0], type),
        AveragePool pool => PoolingKernels.Average(pool, inputs[0], type),
        LpPool pool => PoolingKernels.Norm(pool, inputs[0], type),

        BatchNormalization norm => NormalizationKernels.BatchNormalization(norm, inputs),
        LayerNormalization norm => NormalizationKernels.LayerNormalization(norm, inputs),
        LocalResponseNormalization norm => NormalizationKernels.LocalResponseNormalization(norm, inputs[0]),
        Softmax softmax => AxisKernels.Softmax(softmax, inputs[0]),
        AxisFunction function => AxisKernels.Evaluate(function, inputs[0]),
        ArgMax argMax => ReductionKernels.ArgMax(argMax, inputs[0], type),
        TopK topK => ReductionKernels.TopK(topK, inputs[0], type),
        CumSum sum => ReductionKernels.CumSum(sum, inputs[0], type),
        Reduce reduce => ReductionKernels.Reduce(reduce, inputs[0], type),

        QuantizeLinear => QuantizationKernels.Quantize(inputs[0], inputs[1], inputs[2], type),
        DequantizeLinear => QuantizationKernels.Dequantize(inputs[0], inputs[1], inputs[2], type),

        Binary binary => ElementwiseKernels.Binary(binary.Kind, inputs[0], inputs[1], type),
        Unary unary => FunctionKernels.Evaluate(unary.Kind, inputs[0]),
        ElementwiseFunction function => FunctionKernels.Evaluate(function, inputs[0]),
        RandomFlip flip => RandomKernels.Flip(flip, inputs[0]),
        Polynomial polynomial => PolynomialKernels.Evaluate(polynomial, inputs[0], inputs[1]),
        PRelu => FunctionKernels.PRelu(inputs[0], inputs[1]),
        Relu => ElementwiseKernels.Relu(inputs[0]),
        Clip clip => ElementwiseKernels.Clip(clip, inputs[0]),
        Cast cast => ElementwiseKernels.Cast(inputs[0], cast.Target),

        Compare compare => ComparisonKernels.Compare(compare.Kind, inputs[0], inputs[1], type),
        Logical logical => ComparisonKernels.Logical(logical.Kind, inputs[0], inputs[1], type),
        Where => ComparisonKernels.Where(inputs[0], inputs[1], inputs[2], type),

        Reshape => inputs[0].Reshape(type.Shape),
        Transpose transpose => LayoutKernels.Transpose(transpose, inputs[0], type),
        Slice slice => LayoutKernels.Slice(slice, inputs[0], type),
        Pad pad => LayoutKernels.Pad(pad, inputs[0], type),
        Concat concat => LayoutKernels.Concat(concat, inputs, type),
        Gather gather => LayoutKernels.Gather(gather, inputs[0], inputs[1], type),

        _ => throw new GraphException($"The interpreter has no kernel for '{operation.Name}'."),
    };
}
