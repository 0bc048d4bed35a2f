namespace PrivateInference.Frontend.Operators;

/// <summary>For an operator that is not supported: the nearest model that is.</summary>
internal static class RewriteHints
{
    public static string For(string operatorType) => operatorType switch
    {
        "MaxRoiPool" or "RoiAlign" => "Replace it by average pooling.",
        "LSTM" or "GRU" or "RNN" or "MultiHeadAttention" => "Export it as the matrix products and activations that it is made of.",
        "NonMaxSuppression" or "Unique" => "End the model before this node and do the rest on the client.",
        _ when operatorType.Contains('.', StringComparison.Ordinal)
            => "Operators of other domains have no public meaning; export with ONNX's own operators, or inline the model's functions.",
        _ => "Rewrite the model without it, or end the model before it.",
    };
}
