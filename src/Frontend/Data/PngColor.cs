namespace PrivateInference.Frontend.Data;

/// <summary>The colour types of PNG, by their numbers in the file.</summary>
internal enum PngColor : byte
{
    Gray = 0,
    Rgb = 2,
    Palette = 3,
    GrayAlpha = 4,
    RgbAlpha = 6,
}
