namespace PrivateInference.Frontend.Data;

/// <summary>Where a model's input has the channels of an image.</summary>
public enum ChannelLayout
{
    /// <summary>N×C×H×W, as PyTorch exports.</summary>
    First,

    /// <summary>N×H×W×C, as TensorFlow exports.</summary>
    Last,
}
