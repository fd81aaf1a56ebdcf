"""The registry of image data sets.

A new one is one entry here, if torchvision has a class of its own for it with four files in MNIST's
format, as for Fashion-MNIST and KMNIST.
"""

from __future__ import annotations

from playground.problems.image_datasets.image_dataset import ImageDataset

IMAGE_DATASETS: dict[str, ImageDataset] = {
    dataset.name: dataset
    for dataset in (
        ImageDataset(
            name="MNIST",
            about="70,000 handwritten digits by 500 writers (LeCun, Cortes and Burges 1998).",
            torchvision_name="MNIST",
            classes=tuple("0123456789"),
            sha256=(
                "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
            ),
        ),
        ImageDataset(
            name="Fashion-MNIST",
            about="70,000 pieces of clothing from a shop (Xiao, Rasul and Vollgraf 2017).",
            torchvision_name="FashionMNIST",
            classes=(
                "T-shirt/top",
                "Trouser",
                "Pullover",
                "Dress",
                "Coat",
                "Sandal",
                "Shirt",
                "Sneaker",
                "Bag",
                "Ankle boot",
            ),
        ),
        ImageDataset(
            name="KMNIST",
            about="70,000 characters in old Japanese script (Clanuwat and others 2018).",
            torchvision_name="KMNIST",
            classes=("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
        ),
    )
}
