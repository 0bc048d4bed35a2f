using PrivateInference.Frontend.Data;
using PrivateInference.IR;

namespace PrivateInference.CommandLine.Tests.Conformance;

/// <summary>Images for a model: CIFAR-10 for colour, MNIST for gray, and pixels as features for inputs that are no images.</summary>
/// <param name="Description">What the table says of them.</param>
/// <param name="Test">Samples to measure on.</param>
/// <param name="Calibration">Others, to observe ranges on.</param>
internal sealed record AgreementData(string Description, IReadOnlyList<Sample> Test, IReadOnlyList<Sample> Calibration)
{
    private const int HeldOut = 100;
    private const string Cifar = "cifar10/test_first5000.bin.gz", MnistTest = "mnist/t10k-images-idx3-ubyte.gz", MnistTrain = "mnist/train-images-idx3-ubyte.gz";

    public static AgreementData For(TensorType input)
    {
        int[] sample = [.. input.Shape.Dimensions.Skip(1)];
        bool isColour = sample is [3, _, _] or [_, _, 3];
        try
        {
            return isColour ? Colour(input) : Gray(input);
        }
        catch (DataFormatException)
        {
            return Features(input);
        }
    }

    private static AgreementData Gray(TensorType input)
    {
        bool isLeNet = input.Shape.Dimensions.Count(d => d == 32) == 2;
        DataOptions options = new() { Fit = isLeNet ? ImageFit.Pad : ImageFit.Bilinear };
        Dataset test = Open(MnistTest, input, options);
        return new AgreementData("MNIST" + Fitted(test), test, Open(MnistTrain, input, options));
    }

    private static AgreementData Colour(TensorType input)
    {
        Dataset all = Open(Cifar, input, new DataOptions { Fit = ImageFit.Bilinear });
        return Split("CIFAR-10" + Fitted(all), all);
    }

    /// <summary>The pixels of a CIFAR-10 image, over and over, in the order of the model's elements.</summary>
    private static AgreementData Features(TensorType input)
    {
        Dataset images = Open(Cifar, TensorType.Float(1, 3, 32, 32), DataOptions.Default);
        return Split("CIFAR-10 pixels as features", new Part(images.Count, i => new Sample(Repeated(images[i].Input, input), null)));
    }

    private static AgreementData Split(string description, IReadOnlyList<Sample> all)
        => new(description, new Part(all.Count - HeldOut, i => all[i]), new Part(HeldOut, i => all[all.Count - HeldOut + i]));

    private static Dataset Open(string file, TensorType input, DataOptions options) => Dataset.Open(SharedFiles.Data(file), input, options);

    private static string Fitted(Dataset data)
        => data.Conversions.FirstOrDefault(c => c.StartsWith("images of", StringComparison.Ordinal)) is { } conversion ? "," + conversion["images of".Length..].Replace(" are ", " ", StringComparison.Ordinal) : "";

    private static Tensor Repeated(Tensor pixels, TensorType type)
    {
        float[] source = pixels.Floats.ToArray();
        return Tensor.FromFloats(type, [.. Enumerable.Range(0, type.Shape.Count).Select(i => source[i % source.Length])]);
    }

    /// <summary>Samples that are made when asked for.</summary>
    private sealed class Part(int count, Func<int, Sample> make) : IReadOnlyList<Sample>
    {
        public int Count => count;

        public Sample this[int index] => make(index);

        public IEnumerator<Sample> GetEnumerator() => Enumerable.Range(0, count).Select(i => this[i]).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
