namespace PrivateInference.Passes.Sharing;

/// <summary>What of a group of activations decides for all of them (Helbitz and Avidan, equations 2 and 3).</summary>
internal enum DecidingValue
{
    /// <summary>The activation in the middle: v is a unit vector.</summary>
    Middle,

    /// <summary>The mean of the group: v is constant.</summary>
    Mean,

    /// <summary>A weighted sum whose weights v are fitted to samples.</summary>
    Weights,
}
