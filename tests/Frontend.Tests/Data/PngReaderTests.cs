using PrivateInference.Frontend.Data;

namespace PrivateInference.Frontend.Tests.Data;

public class PngReaderTests
{
    private static byte[] Noise(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)((i * 73) ^ (i * i * 31)))];

    private static PixelImages Read(byte[] png) => PngReader.Read(png, 1 << 20);

    [Theory]
    [CombinatorialFilters]
    public void Every_filter_and_colour_type_round_trips(byte filter, byte colorType, int channels)
    {
        const int width = 13, height = 9;
        byte[] pixels = Noise(width * height * channels);
        PixelImages image = Read(PngEncoder.Encode(width, height, colorType, pixels, filter));
        Assert.Equal((width, height), (image.Width, image.Height));
        int kept = image.Channels;
        Assert.Equal(kept, channels - (colorType >= 4 ? 1 : 0));
        Assert.Equal(pixels.Where((_, i) => i % channels < kept), image.Pixels.ToArray());
    }

    [Fact]
    public void Palette_images_have_their_colours()
    {
        PixelImages image = Read(PngEncoder.Encode(2, 1, 3, [1, 0], palette: [1, 2, 3, 4, 5, 6]));
        Assert.Equal([4, 5, 6, 1, 2, 3], image.Pixels.ToArray());
    }

    [Fact]
    public void A_colour_outside_the_palette_is_refused()
        => Assert.Throws<DataFormatException>(() => Read(PngEncoder.Encode(1, 1, 3, [2], palette: [1, 2, 3, 4, 5, 6])));

    [Theory]
    [InlineData(16, 0, "8")]
    [InlineData(8, 1, "interlac")]
    public void Kinds_that_are_not_decoded_are_named(byte depth, byte interlace, string reason)
        => Assert.Contains(reason, Assert.Throws<DataFormatException>(() => Read(PngEncoder.Encode(1, 1, 0, [7], depth: depth, interlace: interlace))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_changed_byte_is_noticed()
    {
        byte[] png = PngEncoder.Encode(5, 5, 0, Noise(25));
        for (int i = 0; i < png.Length; i++)
        {
            byte[] changed = [.. png];
            changed[i] ^= 0x10;
            Assert.Throws<DataFormatException>(() => Read(changed));
        }
    }

    [Fact]
    public void A_cut_file_is_noticed()
    {
        byte[] png = PngEncoder.Encode(5, 5, 0, Noise(25));
        for (int length = 0; length < png.Length; length++)
            Assert.Throws<DataFormatException>(() => Read(png[..length]));
    }

    [Theory]
    [InlineData(24)]
    [InlineData(26)]
    public void Data_of_another_size_than_the_image_is_refused(int pixels)
        => Assert.Throws<DataFormatException>(() => Read(PngEncoder.Encode(1, 25, 0, Noise(pixels))));

    [Fact]
    public void Sizes_above_the_limits_are_refused()
    {
        Assert.Throws<DataFormatException>(() => Read(PngEncoder.Encode(1 << 20, 1, 0, new byte[1 << 20])));
        Assert.Throws<DataFormatException>(() => Read(PngEncoder.Encode(0, 1, 0, [])));
        Assert.Throws<DataFormatException>(() => PngReader.Read(PngEncoder.Encode(100, 100, 0, Noise(10000)), maxBytes: 5000));
    }

    [Fact]
    public void The_checksum_is_that_of_the_standard()
        => Assert.Equal(0xCBF43926u, Crc32.Compute("123456789"u8));

    private sealed class CombinatorialFiltersAttribute : Xunit.Sdk.DataAttribute
    {
        public override IEnumerable<object[]> GetData(System.Reflection.MethodInfo testMethod)
            => from filter in Enumerable.Range(0, 5)
               from color in new[] { (0, 1), (2, 3), (4, 2), (6, 4) }
               select new object[] { (byte)filter, (byte)color.Item1, color.Item2 };
    }
}
