namespace PrivateInference.Frontend.Operators;

/// <summary>For an operator that is not supported: the nearest model that is.</summary>
internal static class RewriteHints
{
    public static string For(string operatorType) => operatorType switch
    {
        "LeakyRelu" or "PRelu" or "ThresholdedRelu" or "Elu" or "Selu" or "Celu" or "Shrink"
            => "Replace it by Relu and fine-tune.",
        "HardSwish" or "Sigmoid" or "HardSigmoid" or "Gelu" or "Erf" or "Swish" or "Mish" or "Tanh" or "Softplus" or "Softsign"
            => "Replace it by Relu and fine-tune; the 'polynomial' pass then fits polynomials to it.",
        "LogSoftmax" => "Remove it: the logits before it have the same order.",
        "LRN" or "InstanceNormalization" or "LpNormalization" or "MeanVarianceNormalization"
            or "LayerNormalization" or "GroupNormalization" or "RMSNormalization"
            => "Replace it by BatchNormalization, which folds into the weights, and fine-tune.",
        "Resize" or "Upsample" => "Change the input's size outside the model, or replace it by a convolution.",
        "ConvTranspose" => "Replace it by a convolution and fine-tune.",
        "GlobalLpPool" or "LpPool" or "MaxRoiPool" or "RoiAlign" => "Replace it by average pooling.",
        "ReduceMean" or "ReduceSum" or "ReduceMax" => "Replace it by pooling over the spatial axes.",
        "Max" or "Min" => "A maximum with a constant can be written as Clip or Relu.",
        "Pow" => "Write a small power as products.",
        "If" or "Loop" or "Scan" => "Export the model traced with a fixed input size, so that control flow disappears.",
        "LSTM" or "GRU" or "RNN" or "Attention" or "MultiHeadAttention" => "Only convolutional and fully connected networks can be compiled.",
        "QuantizeLinear" or "DequantizeLinear" or "DynamicQuantizeLinear" or "ConvInteger" or "MatMulInteger" or "QLinearConv" or "QLinearMatMul"
            => "Compile the float model; the compiler chooses its own fixed point.",
        "NonMaxSuppression" or "TopK" or "NonZero" or "Unique" => "End the model before this node and do the rest on the client.",
        "ArgMin" => "Negate the value and use ArgMax.",
        "Greater" or "GreaterOrEqual" or "Less" or "LessOrEqual" or "Not" or "And" or "Or" or "Sign" or "Abs"
            => "Only Relu, Clip and MaxPool compare values of the input.",
        _ when operatorType.Contains('.', StringComparison.Ordinal)
            => "Operators of other domains have no public meaning; export with ONNX's own operators, or inline the model's functions.",
        _ => "Rewrite the model without it, or end the model before it.",
    };
}
