namespace PrivateInference.Runtime.Homomorphic;

/// <summary>What one ciphertext holds of a layer.</summary>
/// <param name="Rows">Output rows of a patch.</param>
/// <param name="Columns">Output columns of a patch.</param>
/// <param name="InputChannels">Virtual input channels of a request ciphertext.</param>
/// <param name="OutputChannels">Output channels of a response ciphertext.</param>
/// <param name="Cost">Bytes both ways, plus a little for each polynomial product.</param>
internal readonly record struct ConvolutionTiling(int Rows, int Columns, int InputChannels, int OutputChannels, double Cost);
