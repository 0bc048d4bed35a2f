using PrivateInference.Frontend.Data;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Tests.Data;

/// <summary>How data of one size, layout and range become what a model takes.</summary>
public sealed class FittingTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("fitting").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Cifar_records_are_a_label_and_three_planes()
    {
        byte[] record = new byte[3073];
        (record[0], record[1], record[1 + 1024], record[1 + 2048], record[3072]) = (7, 51, 102, 153, 255);
        string path = Write("test.bin", [.. record, .. new byte[3073]]);
        Dataset planes = Dataset.Open(path, TensorType.Float(1, 3, 32, 32)), pixels = Dataset.Open(path, TensorType.Float(1, 32, 32, 3));
        Assert.Equal([7, 0], planes.Select(s => s.Label));
        float[] first = planes[0].Input.Floats.ToArray();
        Assert.Equal([0.2f, 0.4f, 0.6f, 1f], [first[0], first[1024], first[2048], first[3071]]);
        Assert.Equal([0.2f, 0.4f, 0.6f], pixels[0].Input.Floats[..3]);
        Assert.Equal(0, planes[1].Input.Floats.ToArray().Max());
    }

    [Theory]
    [InlineData(3072, 0)]
    [InlineData(3073, 10)]
    [InlineData(0, 0)]
    public void A_file_that_is_no_Cifar_is_refused(int length, byte label)
    {
        byte[] bytes = new byte[length];
        if (length > 0)
            bytes[0] = label;
        Assert.Throws<DataFormatException>(() => Dataset.Open(Write("test.bin", bytes), TensorType.Float(1, 3, 32, 32)));
    }

    [Fact]
    public void Padding_centres_the_image_and_cropping_takes_its_middle()
    {
        string path = Gray(2, 2, 10, 20, 30, 40);
        Assert.Equal([0, 0, 0, 0, 0, 10, 20, 0, 0, 30, 40, 0, 0, 0, 0, 0], Fit(path, ImageFit.Pad, 4, 4));
        Assert.Equal([5f], Fit(Gray(3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9), ImageFit.Pad, 1, 1));
        Assert.Equal([0, 4, 5, 6, 0], Fit(Gray(3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9), ImageFit.Pad, 1, 5));
    }

    [Fact]
    public void Nearest_repeats_and_drops_pixels()
    {
        Assert.Equal([10, 10, 20, 20], Fit(Gray(1, 2, 10, 20), ImageFit.Nearest, 1, 4));
        Assert.Equal([2f, 4f], Fit(Gray(1, 4, 1, 2, 3, 4), ImageFit.Nearest, 1, 2));
    }

    [Fact]
    public void Bilinear_interpolates_between_centres_and_keeps_the_border()
    {
        Assert.Equal([0, 25, 75, 100], Fit(Gray(1, 2, 0, 100), ImageFit.Bilinear, 1, 4));
        Assert.Equal([50f], Fit(Gray(2, 2, 0, 100, 0, 100), ImageFit.Bilinear, 1, 1));
    }

    [Fact]
    public void What_is_done_to_the_data_is_said()
    {
        string path = Gray(2, 2, 10, 20, 30, 40);
        Assert.Empty(Dataset.Open(path, TensorType.Float(1, 1, 2, 2)).Conversions);
        Assert.Equal(["images of 2×2 are padded with black or cropped to 3×4", "gray is repeated in all three channels", "channels come last, as the model takes them"],
            Dataset.Open(path, TensorType.Float(1, 4, 3, 3), new DataOptions { Fit = ImageFit.Pad, Layout = ChannelLayout.Last }).Conversions);
        Assert.Equal(["pixels are flattened, row after row"], Dataset.Open(path, TensorType.Float(1, 4)).Conversions);
    }

    [Fact]
    public void A_shape_that_does_not_tell_its_channels_needs_a_layout()
    {
        string path = Gray(2, 2, 10, 20, 30, 40);
        TensorType input = TensorType.Float(1, 3, 5, 3);
        Assert.Contains("layout", Assert.Throws<DataFormatException>(() => Dataset.Open(path, input, new DataOptions { Fit = ImageFit.Pad })).Message, StringComparison.Ordinal);
        Assert.Equal(45, Dataset.Open(path, input, new DataOptions { Fit = ImageFit.Pad, Layout = ChannelLayout.Last })[0].Input.Shape.Count);
    }

    [Fact]
    public void Pixels_are_scaled_and_normalised_by_channel()
    {
        string path = Write("a.png", PngEncoder.Encode(1, 1, 2, [0, 51, 255]));
        PixelScaling scaling = PixelScaling.Unit with { Mean = [0.5f, 0.2f, 0], Deviation = [0.5f] };
        Assert.Equal([-1f, 0f, 2f], Dataset.Open(path, TensorType.Float(1, 3, 1, 1), new DataOptions { Scaling = scaling })[0].Input.Floats);
        foreach (PixelScaling wrong in new[] { scaling with { Mean = [1, 2] }, scaling with { Deviation = [0] } })
            Assert.Throws<DataFormatException>(() => Dataset.Open(path, TensorType.Float(1, 3, 1, 1), new DataOptions { Scaling = wrong }));
    }

    [Fact]
    public void A_scaling_that_is_given_applies_to_arrays_too()
    {
        string path = WriteNpy(Tensor.FromInt64(0, 51, 255, 51).Reshape(new Shape(1, 1, 2, 2)));
        Assert.Equal([0f, 51f, 255f, 51f], Dataset.Open(path, TensorType.Float(1, 1, 2, 2))[0].Input.Floats);
        Assert.Equal([0f, 0.2f, 1f, 0.2f], Dataset.Open(path, TensorType.Float(1, 1, 2, 2), new DataOptions { Scaling = PixelScaling.Unit })[0].Input.Floats);
    }

    [Fact]
    public void Channels_of_arrays_have_their_own_means()
    {
        string path = WriteNpy(Tensor.FromFloats(new Shape(1, 3, 2, 2), new float[12]));
        DataOptions options = new() { Scaling = PixelScaling.Raw with { Mean = [1, 2, 3] } };
        Assert.Equal([-1, -1, -1, -1, -2, -2, -2, -2, -3, -3, -3, -3], Dataset.Open(path, TensorType.Float(1, 3, 2, 2), options)[0].Input.Floats);
        Assert.Equal([-1, -2, -3, -1], Dataset.Open(path, TensorType.Float(1, 2, 2, 3), options)[0].Input.Floats[..4]);
    }

    [Theory]
    [InlineData(new[] { 2, 4 }, new[] { 1, 1, 2, 2 }, 2)]
    [InlineData(new[] { 4 }, new[] { 1, 1, 2, 2 }, 1)]
    [InlineData(new[] { 2, 1, 4 }, new[] { 1, 2, 2, 1 }, 2)]
    [InlineData(new[] { 3, 2, 2 }, new[] { 1, 4 }, 3)]
    [InlineData(new[] { 2, 2, 2, 1 }, new[] { 4 }, 2)]
    public void Flat_arrays_and_images_become_each_other(int[] array, int[] input, int count)
    {
        float[] values = [.. Enumerable.Range(0, 4 * count).Select(i => (float)i)];
        Dataset data = Dataset.Open(WriteNpy(Tensor.FromFloats(new Shape(array), values)), TensorType.Float(input));
        Assert.Equal(values, data.SelectMany(s => s.Input.Floats.ToArray()));
        Assert.Contains("row after row", Assert.Single(data.Conversions), StringComparison.Ordinal);
    }

    [Fact]
    public void Channels_of_arrays_move_to_where_the_model_takes_them()
    {
        float[] pixels = [.. Enumerable.Range(0, 12).Select(i => (float)i)], planes = [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11];
        string last = WriteNpy(Tensor.FromFloats(new Shape(1, 2, 2, 3), pixels)), first = WriteNpy(Tensor.FromFloats(new Shape(1, 3, 2, 2), planes), "b.npy");
        Assert.Equal(planes, Dataset.Open(last, TensorType.Float(1, 3, 2, 2))[0].Input.Floats);
        Assert.Equal(pixels, Dataset.Open(first, TensorType.Float(1, 2, 2, 3))[0].Input.Floats);
    }

    private static float[] Fit(string path, ImageFit fit, int height, int width)
        => Dataset.Open(path, TensorType.Float(1, 1, height, width), new DataOptions { Fit = fit, Scaling = PixelScaling.Raw })[0].Input.Floats.ToArray();

    private string Gray(byte height, byte width, params byte[] pixels)
        => Write($"{height}x{width}.idx", [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, height, 0, 0, 0, width, .. pixels]);

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_directory, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private string WriteNpy(Tensor tensor, string name = "a.npy")
    {
        string path = Path.Combine(_directory, name);
        NpyWriter.Write(path, tensor);
        return path;
    }
}
