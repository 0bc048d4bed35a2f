namespace PrivateInference.Frontend.Data;

/// <summary>What becomes of an image whose size is not the model's.</summary>
public enum ImageFit
{
    /// <summary>It is refused.</summary>
    Refuse,

    /// <summary>Centred, with black borders where the model's input is larger and cropped where it is smaller.</summary>
    Pad,

    /// <summary>Resized; each pixel is the one nearest to its place.</summary>
    Nearest,

    /// <summary>Resized; each pixel is interpolated between the four around its place.</summary>
    Bilinear,
}
