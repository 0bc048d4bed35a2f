using System.Collections;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Data;

/// <summary>
/// Samples for one model input, from a file of one or many, or from a folder of images. Samples are converted when
/// they are asked for, so a large file costs its bytes and no more.
/// </summary>
public sealed class Dataset : IReadOnlyList<Sample>
{
    private readonly ISampleSource _source;
    private readonly int[]? _labels;

    private Dataset(ISampleSource source, int[]? labels)
    {
        _source = source;
        _labels = labels;
    }

    public int Count => _source.Count;

    /// <summary>Whether every sample has a label.</summary>
    public bool HasLabels => _labels is not null;

    /// <summary>What is done to the data so that they fit the model, for people; empty where they fit as they are.</summary>
    public IReadOnlyList<string> Conversions => _source.Conversions;

    public Sample this[int index] => new(_source[index], _labels?[index]);

    /// <summary>Opens a data file, or a folder of PNG images in the order of their names.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="input">The type of the model's input. The first axis of two or more is the batch, and samples have 1 there.</param>
    /// <param name="options">Scaling, fitting, the label file and limits.</param>
    /// <exception cref="DataFormatException">A file cannot be read or does not fit the input; or labels and samples differ in number.</exception>
    public static Dataset Open(string path, TensorType input, DataOptions? options = null)
    {
        options ??= DataOptions.Default;
        SampleType type = new(input);
        ISampleSource source = Directory.Exists(path) ? Folder(path, type, options) : Open(path, type, options);
        return new Dataset(source, options.Labels is null && source.Labels is { } own ? own : Labels(path, source.Count, options));
    }

    public IEnumerator<Sample> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static ISampleSource Open(string path, SampleType type, DataOptions options)
    {
        DataContent content = TensorReader.ReadContent(path, options);
        try
        {
            return content switch
            {
                DataContent.Images images => new ImageSamples(images.Pixels, type, options),
                DataContent.Values values => new TensorSamples(values.Tensor, type, options),
                _ => throw new DataFormatException("it holds labels, not inputs."),
            };
        }
        catch (DataFormatException e)
        {
            throw new DataFormatException($"'{path}' does not fit the model: {e.Message}", e);
        }
    }

    private static FolderSamples Folder(string path, SampleType type, DataOptions options)
    {
        string[] files = [.. Directory.EnumerateFiles(path, "*.png").Order(StringComparer.Ordinal)];
        return files.Length > 0
            ? new FolderSamples(files, file => Open(file, type, options))
            : throw new DataFormatException($"The folder '{path}' holds no PNG images.");
    }

    private static int[]? Labels(string path, int count, DataOptions options)
    {
        if ((options.Labels ?? LabelsBeside(path)) is not { } labelPath)
            return null;
        int[] labels = TensorReader.ReadContent(labelPath, options) switch
        {
            DataContent.Labels idx => idx.Classes,
            DataContent.Values { Tensor: { Type.IsFloat: false } tensor } => Array.ConvertAll(tensor.Integers.ToArray(), l => (int)l),
            _ => throw new DataFormatException($"'{labelPath}' does not hold labels: it has no list of integers."),
        };
        return labels.Length == count
            ? labels
            : throw new DataFormatException($"'{labelPath}' holds {labels.Length} labels for {count} samples.");
    }

    /// <summary>MNIST's names: <c>t10k-images-idx3-ubyte</c> has its labels in <c>t10k-labels-idx1-ubyte</c>.</summary>
    private static string? LabelsBeside(string path)
    {
        string name = Path.GetFileName(path);
        if (!name.Contains("images-idx3", StringComparison.Ordinal))
            return null;
        string labels = Path.Combine(Path.GetDirectoryName(path) ?? "", name.Replace("images-idx3", "labels-idx1", StringComparison.Ordinal));
        return File.Exists(labels) ? labels : null;
    }
}
