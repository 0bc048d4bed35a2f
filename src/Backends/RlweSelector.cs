using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends;

/// <summary>Derives the RLWE parameters of a layer from its worst-case noise.</summary>
/// <param name="geometry">The layer.</param>
/// <param name="ringBits">ℓ.</param>
/// <param name="weightNormBits">⌈log2⌉ of the largest Euclidean norm of a weight row.</param>
public delegate RlweSettings RlweSelector(ConvolutionGeometry geometry, int ringBits, int weightNormBits);
