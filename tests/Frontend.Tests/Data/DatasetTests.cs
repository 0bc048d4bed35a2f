using System.IO.Compression;
using Google.Protobuf;
using PrivateInference.Frontend.Data;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Tests.Data;

public sealed class DatasetTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("datasets").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData(".gz")]
    public void Idx_images_find_their_labels(string suffix)
    {
        string images = Write($"t10k-images-idx3-ubyte{suffix}", Idx([2, 1, 3], 0, 51, 102, 153, 204, 255));
        Write($"t10k-labels-idx1-ubyte{suffix}", Idx([2], 7, 9));
        Dataset dataset = Dataset.Open(images, TensorType.Float(1, 1, 1, 3));
        Assert.True(dataset.HasLabels);
        Assert.Equal([7, 9], dataset.Select(s => s.Label));
        Assert.Equal([0f, 0.2f, 0.4f], dataset[0].Input.Floats.ToArray(), Close);
        Assert.Equal(new Shape(1, 1, 1, 3), dataset[1].Input.Shape);
    }

    [Fact]
    public void Bytes_may_stay_unscaled()
    {
        string images = Write("a-images-idx3-ubyte", Idx([1, 1, 2], 0, 255));
        Assert.Equal([0f, 255f], Dataset.Open(images, TensorType.Float(1, 1, 1, 2), new DataOptions { Scaling = PixelScaling.Raw })[0].Input.Floats);
        Assert.False(Dataset.Open(images, TensorType.Float(1, 1, 1, 2)).HasLabels);
    }

    [Theory]
    [InlineData(new[] { 1, 784 })]
    [InlineData(new[] { 784 })]
    [InlineData(new[] { 1, 28, 28 })]
    [InlineData(new[] { 1, 28, 28, 1 })]
    [InlineData(new[] { 10, 1, 28, 28 })]
    [InlineData(new[] { 1, 3, 28, 28 })]
    public void Gray_images_fit_flat_planar_and_channels_last_inputs(int[] input)
    {
        string images = Write("a-images-idx3-ubyte", Idx([1, 28, 28], [.. Enumerable.Repeat((byte)255, 784)]));
        Tensor sample = Dataset.Open(images, TensorType.Float(input))[0].Input;
        Assert.Equal(input.Length > 1 ? [1, .. input[1..]] : input, sample.Shape.Dimensions);
        Assert.Equal(1f, sample.Floats[0]);
    }

    [Theory]
    [InlineData(new[] { 1, 1, 32, 32 })]
    [InlineData(new[] { 1, 4, 14, 14 })]
    [InlineData(new[] { 1, 1, 14, 56 })]
    public void An_image_of_another_size_is_refused_with_both_sizes(int[] input)
    {
        string images = Write("a-images-idx3-ubyte", Idx([1, 28, 28], new byte[784]));
        string message = Assert.Throws<DataFormatException>(() => Dataset.Open(images, TensorType.Float(input))).Message;
        Assert.Contains("28×28", message, StringComparison.Ordinal);
        Assert.Contains(string.Join('x', input), message, StringComparison.Ordinal);
    }

    [Fact]
    public void Colour_images_become_planes_or_stay_interleaved()
    {
        string image = Write("a.png", PngEncoder.Encode(2, 1, 2, [0, 51, 102, 153, 204, 255]));
        Assert.Equal([0f, 0.6f, 0.2f, 0.8f, 0.4f, 1f], Dataset.Open(image, TensorType.Float(1, 3, 1, 2))[0].Input.Floats.ToArray(), Close);
        Assert.Equal([0f, 0.2f, 0.4f, 0.6f, 0.8f, 1f], Dataset.Open(image, TensorType.Float(1, 1, 2, 3))[0].Input.Floats.ToArray(), Close);
    }

    [Fact]
    public void Colour_images_enter_gray_models_only_without_colour()
    {
        string gray = Write("gray.png", PngEncoder.Encode(1, 1, 2, [51, 51, 51])), red = Write("red.png", PngEncoder.Encode(1, 1, 2, [51, 0, 0]));
        Assert.Equal([0.2f], Dataset.Open(gray, TensorType.Float(1, 1, 1, 1))[0].Input.Floats.ToArray(), Close);
        Assert.Contains("colours", Assert.Throws<DataFormatException>(() => Dataset.Open(red, TensorType.Float(1, 1, 1, 1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_its_images_by_name()
    {
        Write("b.png", PngEncoder.Encode(1, 1, 0, [255]));
        Write("a.png", PngEncoder.Encode(1, 1, 0, [0]));
        Dataset dataset = Dataset.Open(_directory, TensorType.Float(1, 1, 1, 1));
        Assert.Equal([0f, 1f], dataset.Select(s => s.Input.Floats[0]));
    }

    [Fact]
    public void An_empty_folder_is_refused()
        => Assert.Throws<DataFormatException>(() => Dataset.Open(_directory, TensorType.Float(1, 1)));

    [Theory]
    [InlineData(new[] { 5, 1, 2, 2 }, 5)]
    [InlineData(new[] { 5, 2, 2 }, 5)]
    [InlineData(new[] { 1, 1, 2, 2 }, 1)]
    [InlineData(new[] { 2, 2 }, 1)]
    public void Tensors_hold_one_sample_or_many(int[] shape, int count)
    {
        float[] values = [.. Enumerable.Range(0, new Shape(shape).Count).Select(i => (float)i)];
        string path = WriteNpy("a.npy", Tensor.FromFloats(new Shape(shape), values));
        Dataset dataset = Dataset.Open(path, TensorType.Float(1, 1, 2, 2));
        Assert.Equal(count, dataset.Count);
        Assert.Equal(values.AsSpan(values.Length - 4), dataset[count - 1].Input.Floats);
    }

    [Fact]
    public void A_tensor_of_another_shape_is_refused()
    {
        string path = WriteNpy("a.npy", Tensor.FromFloats(new Shape(4, 5), new float[20]));
        Assert.Contains("4x5", Assert.Throws<DataFormatException>(() => Dataset.Open(path, TensorType.Float(1, 1, 2, 2))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Integers_become_the_floats_that_the_model_takes()
        => Assert.Equal([3f, 4f], Dataset.Open(WriteNpy("a.npy", Tensor.FromInt64(3, 4)), TensorType.Float(1, 2))[0].Input.Floats);

    [Fact]
    public void Labels_may_be_given_and_must_match_in_number()
    {
        string path = WriteNpy("a.npy", Tensor.FromFloats(new Shape(2, 1), [1, 2]));
        string labels = WriteNpy("labels.npy", Tensor.FromInt64(3, 4)), wrong = WriteNpy("wrong.npy", Tensor.FromInt64(3));
        Assert.Equal([3, 4], Dataset.Open(path, TensorType.Float(1, 1), new DataOptions { Labels = labels }).Select(s => s.Label));
        Assert.Throws<DataFormatException>(() => Dataset.Open(path, TensorType.Float(1, 1), new DataOptions { Labels = wrong }));
        Assert.Throws<DataFormatException>(() => Dataset.Open(path, TensorType.Float(1, 1), new DataOptions { Labels = path }));
    }

    [Fact]
    public void Tensor_protos_are_read()
        => Assert.Equal([1f, 2f], TensorReader.Read(Write("a.pb", OnnxModelBuilder.Tensor("t", [2], 1f, 2f).ToByteArray())).Floats);

    [Fact]
    public void Whole_files_of_images_are_one_tensor()
        => Assert.Equal(new Shape(2, 1, 1, 3), TensorReader.Read(Write("x.idx", Idx([2, 1, 3], new byte[6]))).Shape);

    [Theory]
    [InlineData("a.npy")]
    [InlineData("a.png")]
    [InlineData("a.pb")]
    [InlineData("a.npy.gz")]
    [InlineData("a.txt")]
    [InlineData("missing.npy")]
    public void What_is_not_the_format_of_its_name_is_refused_with_the_path(string name)
    {
        string path = Path.Combine(_directory, name);
        if (!name.StartsWith("missing", StringComparison.Ordinal))
            File.WriteAllBytes(path, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        Assert.Contains(path, Assert.Throws<DataFormatException>(() => TensorReader.Read(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, 13, 1, 0, 0, 0, 0)]
    [InlineData(0, 0, 8, 1, 0, 0, 0, 9)]
    [InlineData(0, 0, 8, 3, 255, 255, 255, 255)]
    [InlineData(0, 0, 8, 200, 0, 0, 0, 1)]
    [InlineData(0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0, 0)]
    public void Idx_files_that_contradict_themselves_are_refused(params int[] bytes)
        => Assert.Throws<DataFormatException>(() => TensorReader.Read(Write("x.idx", [.. bytes.Select(b => (byte)b)])));

    [Fact]
    public void A_file_that_unpacks_beyond_the_limit_is_refused()
    {
        string path = Write("bomb-images-idx3-ubyte.gz", Idx([1, 1000, 1000], new byte[1_000_000]));
        Assert.Contains("limit", Assert.Throws<DataFormatException>(() => TensorReader.Read(path, new DataOptions { MaxBytes = 100_000 })).Message, StringComparison.Ordinal);
    }

    private static bool Close(float a, float b) => Math.Abs(a - b) < 1e-6f;

    private static byte[] Idx(int[] dimensions, params byte[] data)
        => [0, 0, 8, (byte)dimensions.Length, .. dimensions.SelectMany(d => new[] { (byte)(d >> 24), (byte)(d >> 16), (byte)(d >> 8), (byte)d }), .. data];

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_directory, name);
        using FileStream file = File.Create(path);
        using Stream stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(bytes);
        return path;
    }

    private string WriteNpy(string name, Tensor tensor)
    {
        string path = Path.Combine(_directory, name);
        NpyWriter.Write(path, tensor);
        return path;
    }
}
