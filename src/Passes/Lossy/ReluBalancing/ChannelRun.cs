namespace PrivateInference.Passes.Lossy.ReluBalancing;

/// <summary>Adjacent channels of a value: those of one class, each repeated.</summary>
/// <param name="Class">A class of <see cref="ChannelClasses"/>.</param>
/// <param name="Repeat">Elements along the axis for each channel: 1 for an image, height·width after flattening.</param>
internal readonly record struct ChannelRun(int Class, int Repeat);
