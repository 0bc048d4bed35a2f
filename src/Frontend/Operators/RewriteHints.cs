namespace PrivateInference.Frontend.Operators;

/// <summary>For an operator that is not supported: the nearest model that is.</summary>
internal static class RewriteHints
{
    public static string For(string operatorType) => operatorType switch
    {
        "Resize" or "Upsample" => "Change the input's size outside the model, or replace it by a convolution.",
        "MaxRoiPool" or "RoiAlign" => "Replace it by average pooling.",
        "ReduceMean" or "ReduceSum" or "ReduceMax" => "Replace it by pooling over the spatial axes.",
        "If" or "Loop" or "Scan" => "Export the model traced with a fixed input size, so that control flow disappears.",
        "LSTM" or "GRU" or "RNN" or "Attention" or "MultiHeadAttention" => "Only convolutional and fully connected networks can be compiled.",
        "QuantizeLinear" or "DequantizeLinear" or "DynamicQuantizeLinear" or "ConvInteger" or "MatMulInteger" or "QLinearConv" or "QLinearMatMul"
            => "Compile the float model; the compiler chooses its own fixed point.",
        "NonMaxSuppression" or "TopK" or "NonZero" or "Unique" => "End the model before this node and do the rest on the client.",
        "ArgMin" => "Negate the value and use ArgMax.",
        _ when operatorType.Contains('.', StringComparison.Ordinal)
            => "Operators of other domains have no public meaning; export with ONNX's own operators, or inline the model's functions.",
        _ => "Rewrite the model without it, or end the model before it.",
    };
}
