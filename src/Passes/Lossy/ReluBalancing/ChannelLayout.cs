using System.Collections.Immutable;

namespace PrivateInference.Passes.Lossy.ReluBalancing;

/// <summary>Which channels a value has.</summary>
/// <param name="Axis">The axis along which they lie: 1 for an image in NCHW, 3 in NHWC.</param>
/// <param name="Runs">The channels along it, in order.</param>
internal readonly record struct ChannelLayout(int Axis, ImmutableArray<ChannelRun> Runs);
