using PrivateInference.IR;

namespace PrivateInference.Passes.Architectures;

/// <summary>A network of the literature that can be built at any width, with random weights.</summary>
/// <param name="Name">Lower case, words joined by hyphens.</param>
/// <param name="Source">The publication that defines it.</param>
/// <param name="Channels">Channels of the input image.</param>
/// <param name="InputSize">Height and width of the input image in pixels, where the options give none.</param>
/// <param name="Classes">Number of classes, where the options give none.</param>
/// <param name="Body">From the image, 1×channels×size×size, to the logits, 1×classes.</param>
public sealed record Architecture(
    string Name, string Source, int Channels, int InputSize, int Classes, Func<NetworkBuilder, Value, Value> Body)
{
    /// <summary>The graph, with one input <c>image</c> and one output <c>logits</c>.</summary>
    /// <exception cref="GraphException">The network does not fit an image of this size.</exception>
    /// <exception cref="PassException">An option is out of range.</exception>
    public Graph Create(ArchitectureOptions? options = null)
    {
        options ??= ArchitectureOptions.Default;
        int size = options.InputSize ?? InputSize, classes = options.Classes ?? Classes;
        if (size < 1 || classes < 1 || !double.IsFinite(options.Width) || options.Width <= 0)
            throw new PassException($"Architecture '{Name}' needs a positive size, number of classes and width, not {size}, {classes}, {options.Width}.");
        NetworkBuilder net = new(Name, classes, options.Width, options.Seed);
        return net.Build(Body(net, net.Image(Channels, size)));
    }
}
