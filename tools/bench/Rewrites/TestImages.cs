using PrivateInference.Frontend.Data;
using PrivateInference.IR;

namespace PrivateInference.Benchmarks.Rewrites;

/// <summary>The labelled images that accuracy is measured on.</summary>
/// <param name="Description">Which they are, for the document.</param>
/// <param name="Samples">The images, with labels.</param>
internal sealed record TestImages(string Description, IReadOnlyList<Sample> Samples)
{
    /// <summary>Where Debian's package dataset-fashion-mnist puts the test images.</summary>
    private const string Installed = "/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz";

    /// <summary>The first images of the installed data set; the few of this repository where it is not installed.</summary>
    public static TestImages Open(TensorType input, int limit)
    {
        bool installed = File.Exists(Installed);
        Sample[] samples = [.. Dataset.Open(installed ? Installed : Repository.Sample("test-images-idx3-ubyte.gz"), input).Take(limit)];
        string origin = installed
            ? "of Fashion-MNIST's 10,000 (Debian's `dataset-fashion-mnist`)"
            : "of this repository; `dataset-fashion-mnist` is not installed, so accuracies are coarse";
        return new TestImages(FormattableString.Invariant($"the first {samples.Length:#,0} test images {origin}"), samples);
    }
}
