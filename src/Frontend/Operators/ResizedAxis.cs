namespace PrivateInference.Frontend.Operators;

/// <summary>One axis of a resize.</summary>
/// <param name="Axis">Which.</param>
/// <param name="InputSize">Elements before.</param>
/// <param name="OutputSize">Elements after.</param>
/// <param name="Scale">The factor; the sizes' ratio only where the model gives sizes.</param>
/// <param name="RegionStart">Where the region to crop starts, 0 to 1.</param>
/// <param name="RegionEnd">Where it ends.</param>
internal sealed record ResizedAxis(int Axis, int InputSize, int OutputSize, double Scale, double RegionStart = 0, double RegionEnd = 1);
