namespace PrivateInference.Frontend.Data;

/// <summary>What becomes of image bytes.</summary>
public enum PixelScaling
{
    /// <summary>Divided by 255: values from 0 to 1.</summary>
    Unit,

    /// <summary>Kept: values from 0 to 255.</summary>
    Raw,
}
