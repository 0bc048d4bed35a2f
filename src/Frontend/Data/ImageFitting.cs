namespace PrivateInference.Frontend.Data;

/// <summary>Gives one channel of an image another size. Sizes are height × width; pixels are row after row.</summary>
internal static class ImageFitting
{
    public static float[] Fit(float[] plane, (int Height, int Width) from, (int Height, int Width) to, ImageFit fit)
    {
        if (from == to)
            return plane;
        float[] result = new float[to.Height * to.Width];
        for (int y = 0; y < to.Height; y++)
        {
            for (int x = 0; x < to.Width; x++)
                result[(y * to.Width) + x] = Pixel(plane, from, to, y, x, fit);
        }

        return result;
    }

    private static float Pixel(float[] plane, (int Height, int Width) from, (int Height, int Width) to, int y, int x, ImageFit fit) => fit switch
    {
        ImageFit.Pad => Padded(plane, from, y - Margin(from.Height, to.Height), x - Margin(from.Width, to.Width)),
        ImageFit.Nearest => plane[((int)((y + 0.5) * from.Height / to.Height) * from.Width) + (int)((x + 0.5) * from.Width / to.Width)],
        ImageFit.Bilinear => Interpolated(plane, from, Place(y, from.Height, to.Height), Place(x, from.Width, to.Width)),
        _ => throw new InvalidOperationException($"{fit} does not fit images."),
    };

    /// <summary>How far the image lies inside its frame; negative where the frame cuts it.</summary>
    private static int Margin(int from, int to) => (int)Math.Floor((to - from) / 2.0);

    private static float Padded(float[] plane, (int Height, int Width) size, int y, int x)
        => y >= 0 && y < size.Height && x >= 0 && x < size.Width ? plane[(y * size.Width) + x] : 0;

    /// <summary>Where a pixel's centre lies between the centres of the other size.</summary>
    private static double Place(int position, int from, int to) => Math.Clamp(((position + 0.5) * from / to) - 0.5, 0, from - 1);

    private static float Interpolated(float[] plane, (int Height, int Width) size, double y, double x)
    {
        int top = (int)y, left = (int)x, bottom = Math.Min(top + 1, size.Height - 1), right = Math.Min(left + 1, size.Width - 1);
        double above = double.Lerp(At(top, left), At(top, right), x - left), below = double.Lerp(At(bottom, left), At(bottom, right), x - left);
        return (float)double.Lerp(above, below, y - top);

        float At(int row, int column) => plane[(row * size.Width) + column];
    }
}
